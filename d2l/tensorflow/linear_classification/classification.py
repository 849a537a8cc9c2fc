"""The base class of classifiers."""

import tensorflow as tf

from ..linear_regression.oo_design import Module
from ..tensor import randn


class Classifier(Module):
    """A model with one output, a logit, for each class."""

    def validation_step(self, batch):
        """Plot the loss and the accuracy of a validation batch."""
        Y_hat = self(*batch[:-1])
        self.plot("loss", self.loss(Y_hat, batch[-1]), train=False)
        self.plot("acc", self.accuracy(Y_hat, batch[-1]), train=False)

    def accuracy(self, Y_hat, Y, averaged=True):
        """The share of right predictions, or each one's 0 or 1.

        Y_hat: (..., classes).
        Y: as many labels as there are rows.
        """
        Y_hat = tf.reshape(Y_hat, (-1, Y_hat.shape[-1]))
        preds = tf.argmax(Y_hat, axis=1, output_type=Y.dtype)
        compare = tf.cast(preds == tf.reshape(Y, [-1]), Y_hat.dtype)
        return tf.reduce_mean(compare) if averaged else compare

    def loss(self, Y_hat, Y, averaged=True):
        """Cross-entropy of the logits `Y_hat`: the mean, or each example's."""
        Y_hat = tf.reshape(Y_hat, (-1, Y_hat.shape[-1]))
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.reshape(Y, [-1]), logits=Y_hat
        )
        return tf.reduce_mean(losses) if averaged else losses

    def layer_summary(self, X_shape):
        """Print the shape of each layer's output for inputs of shape `X_shape`."""
        X = randn(X_shape)
        for layer in self.net.layers:
            X = layer(X)
            print(layer.__class__.__name__, "output shape:\t", tuple(X.shape))
