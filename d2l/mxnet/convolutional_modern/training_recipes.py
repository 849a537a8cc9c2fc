"""What lifts a network beyond plain training: targets, mixtures, rates, averages."""

from mxnet import np, npx
from mxnet.gluon import nn

from d2l.common.training.schedules import cosine_warmup, step_decay

from ..parameters import array_of, named_entries, overwrite
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
    # Written out: the log_softmax of MXNet's Intel kernels is off by 1e-6.
    logits = Y_hat - Y_hat.max(axis=-1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    return -(1 - eps) * npx.pick(log_p, y).mean() - eps * log_p.mean()


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
        lam = np.random.beta(alpha, alpha, dtype=X.dtype, ctx=X.ctx)
    if permutation is None:
        permutation = np.arange(len(X), dtype="int64", ctx=X.ctx)
        np.random.shuffle(permutation)
    mixed = lam * X + (1 - lam) * np.take(X, permutation, axis=0)
    return mixed, y, np.take(y, permutation), lam


class EMA:
    """The exponential moving average of a model's weights and running statistics.

    model: one that has seen a batch, so that all of its weights exist.
    decay: the share of the average that a step keeps.
    """

    def __init__(self, model, decay=0.999):
        self.model, self.decay = model, decay
        self.averages = {name: a.copy() for name, _, a in self._weights()}

    def _weights(self):
        # Reading a running statistic does not wait for the graphs that change it.
        npx.waitall()
        for name, entry in named_entries(self.model):
            yield name, entry, array_of(entry)

    def update(self):
        """Move the averages towards the model's weights: call it after a step."""
        for name, _, array in self._weights():
            average = self.averages[name]
            average[:] = self.decay * average + (1 - self.decay) * array

    def swap(self):
        """Exchange the averages and the model's weights; a second call undoes it."""
        # All are read before any is changed: layers may share a weight.
        weights = [(name, entry, a.copy()) for name, entry, a in self._weights()]
        for name, entry, weight in weights:
            overwrite(entry, self.averages[name])
            self.averages[name] = weight


class StochasticResidual(Residual):
    """A residual block that examples skip at times in training (Huang et al., 2016).

    drop_prob: how often.
    """

    def __init__(self, num_channels, drop_prob, use_1x1conv=False, strides=1):
        super().__init__(num_channels, use_1x1conv, strides)
        self.drop_prob = drop_prob
        # `drop_path` as a layer: one number decides along all axes but the first.
        self.drop_path = nn.Dropout(drop_prob, axes=(1, 2, 3))

    def hybrid_forward(self, F, X):
        """Return (batch, num_channels, h, w), strided.

        X: (batch, channels, h, w).
        """
        Y = self.drop_path(self.branch(X))
        return self.relu(Y + self.shortcut(X))
