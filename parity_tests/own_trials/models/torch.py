"""Models and a loop that are not the book's, for trials of every kind."""

import torch
from torch import nn

from d2l import torch as d2l
from d2l.torch.randomness import normal


class TwoLosses(d2l.Module):
    """Classifies sequences, and restores their features, by one attention."""

    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.embed = nn.Embedding(7, 8)
        self.conv = nn.Conv1d(3, 8, kernel_size=3, padding=1)
        self.queries, self.keys = nn.Linear(8, 8), nn.Linear(8, 8)
        self.classify, self.restore = nn.Linear(8, 4), nn.Linear(8, 3)

    def forward(self, tokens, features, mask=None):
        """tokens: (b, t); features: (b, 3, t); mask: (b, 1, t, t)."""
        X = self.embed(tokens) + self.conv(features).transpose(1, 2)
        Q, K, V = (self.heads(Y) for Y in (self.queries(X), self.keys(X), X))
        scores = Q @ K.transpose(2, 3) / 2
        attention = torch.softmax(scores + mask, dim=-1)  # (b, 2, t, t)
        H = (attention @ V).transpose(1, 2).reshape(X.shape)
        restored = self.restore(H).transpose(1, 2)
        logits = self.classify(H.mean(1))
        return {"logits": logits, "more": (restored, attention), "unused": None}

    def heads(self, X):
        """X: (b, t, 8); returns (b, 2, t, 4)."""
        return X.reshape(*X.shape[:2], 2, 4).transpose(1, 2)

    def losses(self, batch):
        """Of the classes and of the features."""
        inputs = batch["inputs"]
        Y = self(inputs.tokens, inputs.features, mask=inputs.mask)
        classes = nn.functional.cross_entropy(Y["logits"], batch["labels"])
        restored = ((Y["more"][0] - batch["targets"]) ** batch["power"]).mean()
        return classes, restored

    def training_step(self, batch):
        """Plots each of the losses; returns their sum."""
        classes, restored = self.losses(batch)
        self.plot("classes", classes, train=True)
        self.plot("loss", classes + restored, train=True)
        return classes + restored

    def validation_step(self, batch):
        """Plots their sum."""
        self.plot("loss", sum(self.losses(batch)), train=False)


class Picture(d2l.Module):
    """An image that is itself what is learned."""

    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.weight = nn.Parameter(torch.rand(3, 5, 6))

    def forward(self):
        """The image: (3, 5, 6)."""
        return self.weight

    def training_step(self, batch):
        """It should be of one colour, and bright."""
        X = self()
        rough = ((X[:, 1:] - X[:, :-1]) ** 2).mean()
        loss = rough + ((X - 1) ** 2).mean()
        self.plot("loss", loss, train=True)
        return loss


def sample(num_steps, lr):
    """Langevin dynamics on a ring: the path, and where it ends."""
    board, X, path = d2l.ProgressBoard(), torch.ones(4, 2), []
    for step in range(num_steps):
        X.requires_grad_()
        energy = ((X**2).sum(1) - 1).square().sum()
        (slope,) = torch.autograd.grad(energy, X)
        X = X.detach() - lr * slope + (2 * lr) ** 0.5 * normal((4, 2))
        board.draw(step, energy.detach(), "energy")
        path.append(X)
    return {"path": torch.stack(path), "last": (X, None)}
