"""What lifts a network beyond plain training: targets, mixtures, rates, averages."""

import jax
import optax
from flax import nnx

from d2l.common.training.schedules import cosine_warmup, step_decay

from ..layers import rngs_or_default
from ..tensor import get_key
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
    labels = jax.nn.one_hot(y, Y_hat.shape[-1], dtype=Y_hat.dtype)
    targets = optax.smooth_labels(labels, eps)
    return optax.softmax_cross_entropy(Y_hat, targets).mean()


def mixup(X, y, alpha=0.2, *, lam=None, permutation=None, key=None):
    """Mix each example with another one of the batch (Zhang et al., 2018).

    X: (batch, ...).
    y: (batch,).
    alpha: small for mixtures near either example.
    lam: the share of the first example, else drawn from Beta(alpha, alpha).
    permutation: the other examples' indices, else drawn.
    key: decides what is drawn; without one, a fresh key does.
    returns: the mixed inputs, the labels of both examples, and lam. The loss is lam
        times that of the first labels plus 1 - lam times that of the others.
    """
    shares, order = jax.random.split(get_key() if key is None else key)
    if lam is None:
        lam = jax.random.beta(shares, alpha, alpha)
    if permutation is None:
        permutation = jax.random.permutation(order, len(X))
    return lam * X + (1 - lam) * X[permutation], y, y[permutation], lam


class EMA:
    """The exponential moving average of a model's weights and running statistics.

    A compiled training moves the model itself once an epoch: so does `Trainer.fit`.
    decay: the share of the average that a step keeps.
    """

    def __init__(self, model, decay=0.999):
        self.model, self.decay = model, decay
        self.averages = self._weights()

    def _weights(self):
        state = nnx.state(self.model, (nnx.Param, nnx.BatchStat))
        # Variables of its own, which do not move with the model's.
        return jax.tree.map(lambda array: array, state)

    def update(self):
        """Move the averages towards the model's weights: call it after a step."""
        self.averages = jax.tree.map(
            lambda average, array: self.decay * average + (1 - self.decay) * array,
            self.averages,
            self._weights(),
        )

    def swap(self):
        """Exchange the averages and the model's weights; a second call undoes it."""
        averages, self.averages = self.averages, self._weights()
        nnx.update(self.model, averages)


class StochasticResidual(Residual):
    """A residual block that examples skip at times in training (Huang et al., 2016).

    drop_prob: how often.
    in_channels: as in `Residual`.
    """

    def __init__(
        self,
        num_channels,
        drop_prob,
        use_1x1conv=False,
        strides=1,
        *,
        in_channels=None,
        rngs=None,
    ):
        self.rngs = rngs_or_default(rngs)
        inputs = {"in_channels": in_channels, "rngs": self.rngs}
        super().__init__(num_channels, use_1x1conv, strides, **inputs)
        self.drop_prob = drop_prob
        self.deterministic = False  # train() and eval() set it, as in nnx.Dropout

    def __call__(self, X):
        """Return (batch, h, w, num_channels), strided.

        X: (batch, h, w, channels).
        """
        key = None if self.deterministic else self.rngs.dropout()
        branch = self.branch(X)
        Y = drop_path(branch, self.drop_prob, not self.deterministic, key=key)
        return nnx.relu(Y + self.shortcut(X))
