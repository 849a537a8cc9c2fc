"""What lifts a network beyond plain training: targets, mixtures, rates, averages."""

import torch
from torch.nn import functional as F

from d2l.common.training.schedules import cosine_warmup, step_decay

from .convnext import drop_path
from .resnet import Residual

__all__ = [
    "EMA",
    "StochasticResidual",
    "cosine_warmup",
    "mixup",
    "smoothed_ce",
    "step_decay",
]


def smoothed_ce(Y_hat, y, eps=0.1):
    """Mean cross-entropy with label smoothing (Szegedy et al., 2016).

    The target is the label with weight 1 - eps, and all classes alike with eps.

    Y_hat: logits, (batch, classes).
    y: labels, (batch,).
    """
    return F.cross_entropy(Y_hat, y, label_smoothing=eps)


def mixup(X, y, alpha=0.2, *, lam=None, permutation=None):
    """Mix each example with another one of the batch (Zhang et al., 2018).

    X: (batch, ...).
    y: (batch,).
    alpha: small for mixtures near either example.
    lam: the share of the first example, else drawn from Beta(alpha, alpha).
    permutation: the other examples' indices, else drawn.
    returns: the mixed inputs, the labels of both examples, and lam. The loss is lam
        times that of the first labels plus 1 - lam times that of the others.
    """
    if lam is None:
        lam = float(torch.distributions.Beta(alpha, alpha).sample())
    if permutation is None:
        permutation = torch.randperm(len(X), device=X.device)
    return lam * X + (1 - lam) * X[permutation], y, y[permutation], lam


class EMA:
    """The exponential moving average of a model's weights and running statistics.

    model: one that has seen a batch, so that all of its weights exist.
    decay: the share of the average that a step keeps.
    """

    def __init__(self, model, decay=0.999):
        self.model, self.decay = model, decay
        self.averages = {
            name: tensor.clone()
            for name, tensor in model.state_dict().items()
            if tensor.is_floating_point()  # others are counts
        }

    @torch.no_grad()
    def update(self):
        """Move the averages towards the model's weights: call it after a step."""
        tensors = self.model.state_dict()
        for name, average in self.averages.items():
            average.mul_(self.decay).add_(tensors[name], alpha=1 - self.decay)

    @torch.no_grad()
    def swap(self):
        """Exchange the averages and the model's weights; a second call undoes it."""
        tensors = self.model.state_dict()
        # All are read before any is changed: layers may share a weight.
        weights = {name: tensors[name].clone() for name in self.averages}
        for name, average in self.averages.items():
            tensors[name].copy_(average)
            average.copy_(weights[name])


class StochasticResidual(Residual):
    """A residual block that examples skip at times in training (Huang et al., 2016).

    drop_prob: how often.
    """

    def __init__(self, num_channels, drop_prob, use_1x1conv=False, strides=1):
        super().__init__(num_channels, use_1x1conv, strides)
        self.drop_prob = drop_prob

    def forward(self, X):
        """Return (batch, num_channels, h, w), strided.

        X: (batch, channels, h, w).
        """
        Y = drop_path(self.branch(X), self.drop_prob, self.training)
        return F.relu(Y + self.shortcut(X))
