"""What lifts a network beyond plain training: targets, mixtures, rates, averages."""

import tensorflow as tf

from d2l.common.training.schedules import cosine_warmup, step_decay

from ..parts import named_tensors
from ..randomness import new_seed, source
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
    num_classes = Y_hat.shape[-1]
    targets = (1 - eps) * tf.one_hot(y, num_classes, dtype=Y_hat.dtype)
    losses = tf.nn.softmax_cross_entropy_with_logits(targets + eps / num_classes, Y_hat)
    return tf.reduce_mean(losses)


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
        # Two gamma variables' shares are beta variables.
        pair = tf.random.stateless_gamma((2,), new_seed(), alpha, dtype=X.dtype)
        lam = pair[0] / tf.reduce_sum(pair)
    if permutation is None:
        permutation = tf.argsort(source().uniform(tf.shape(X)[:1]))
    mixed = lam * X + (1 - lam) * tf.gather(X, permutation)
    return mixed, y, tf.gather(y, permutation), lam


class EMA:
    """The exponential moving average of a model's weights and running statistics.

    model: one that has seen a batch, so that all of its weights exist.
    decay: the share of the average that a step keeps.
    """

    def __init__(self, model, decay=0.999):
        self.model, self.decay = model, decay
        self.averages = {
            tensor.name: tf.Variable(tensor.variable, trainable=False)
            for tensor in named_tensors(model)
        }

    def update(self):
        """Move the averages towards the model's weights: call it after a step."""
        for tensor in named_tensors(self.model):
            average, weight = self.averages[tensor.name], tf.identity(tensor.variable)
            average.assign(self.decay * average + (1 - self.decay) * weight)

    def swap(self):
        """Exchange the averages and the model's weights; a second call undoes it."""
        # All are read before any is changed: layers may share a weight.
        weights = [(t, tf.identity(t.variable)) for t in named_tensors(self.model)]
        for tensor, weight in weights:
            average = self.averages[tensor.name]
            tensor.variable.assign(average)
            average.assign(weight)


class StochasticResidual(Residual):
    """A residual block that examples skip at times in training (Huang et al., 2016).

    drop_prob: how often.
    """

    def __init__(self, num_channels, drop_prob, use_1x1conv=False, strides=1):
        super().__init__(num_channels, use_1x1conv, strides)
        self.drop_prob = drop_prob

    def call(self, X, training=False):
        """Return (batch, h, w, num_channels), strided.

        X: (batch, h, w, channels).
        """
        Y = drop_path(self.branch(X), self.drop_prob, training)
        return tf.nn.relu(Y + self.shortcut(X))
