"""Models and a loop that are not the book's, for trials of every kind."""

from mxnet import autograd, np, npx
from mxnet.gluon import nn

from d2l import mxnet as d2l
from d2l.mxnet.randomness import normal


class Conv1D(nn.Block):
    """A convolution of three steps.

    MXNet 1.9.1 cannot read its own one's weights in float32 after an evaluation: oneDNN
    has them in a layout of its own by then.
    """

    def __init__(self, in_channels, channels):
        super().__init__()
        self.weight = self.params.get("weight", shape=(channels, in_channels, 3))
        self.bias = self.params.get("bias", shape=(channels,), init="zeros")

    def forward(self, X):
        """X: (b, in_channels, t); returns (b, channels, t)."""
        edge, steps = np.zeros_like(X[:, :, :1]), X.shape[2]
        X = np.concatenate([edge, X, edge], axis=2)
        kernel = self.weight.data()
        taps = [np.matmul(kernel[:, :, i], X[:, :, i : i + steps]) for i in range(3)]
        return sum(taps) + self.bias.data().reshape(-1, 1)


class TwoLosses(d2l.Module):
    """Classifies sequences, and restores their features, by one attention."""

    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.embed = nn.Embedding(7, 8)
        self.conv = Conv1D(3, 8)
        self.queries, self.keys, self.classify, self.restore = (
            nn.Dense(n, flatten=False, in_units=8) for n in (8, 8, 4, 3)
        )
        self.initialize()

    def forward(self, tokens, features, mask=None):
        """tokens: (b, t); features: (b, 3, t); mask: (b, 1, t, t)."""
        X = self.embed(tokens) + self.conv(features).transpose(0, 2, 1)
        Q, K, V = (self.heads(Y) for Y in (self.queries(X), self.keys(X), X))
        scores = np.matmul(Q, K.transpose(0, 1, 3, 2)) / 2
        attention = npx.softmax(scores + mask, axis=-1)  # (b, 2, t, t)
        H = np.matmul(attention, V).transpose(0, 2, 1, 3).reshape(X.shape)
        restored = self.restore(H).transpose(0, 2, 1)
        logits = self.classify(H.mean(1))
        return {"logits": logits, "more": (restored, attention), "unused": None}

    def heads(self, X):
        """X: (b, t, 8); returns (b, 2, t, 4)."""
        return X.reshape(*X.shape[:2], 2, 4).transpose(0, 2, 1, 3)

    def losses(self, batch):
        """Of the classes and of the features."""
        inputs = batch["inputs"]
        Y = self(inputs.tokens, inputs.features, mask=inputs.mask)
        shifted = Y["logits"] - Y["logits"].max(1, keepdims=True).detach()
        log_sums = np.log(np.exp(shifted).sum(1))
        classes = log_sums - npx.pick(shifted, batch["labels"])
        restored = ((Y["more"][0] - batch["targets"]) ** batch["power"]).mean()
        return classes.mean(), restored

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
        self.weight = d2l.rand((3, 5, 6))
        self.weight.attach_grad()

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
    board, X, path = d2l.ProgressBoard(), d2l.ones((4, 2)), []
    for step in range(num_steps):
        X.attach_grad()
        with autograd.record():
            energy = (((X**2).sum(1) - 1) ** 2).sum()
        energy.backward()
        X = X.detach() - lr * X.grad + (2 * lr) ** 0.5 * normal((4, 2))
        board.draw(step, energy.detach(), "energy")
        path.append(X)
    return {"path": np.stack(path), "last": (X, None)}
