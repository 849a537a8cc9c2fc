"""The base class of classifiers."""

import jax.numpy as jnp
import optax

from ..linear_regression.oo_design import Module


class Classifier(Module):
    """A model with one output, a logit, for each class."""

    def validation_step(self, batch):
        """The loss and the accuracy of a validation batch; the trainer plots them."""
        Y_hat = self(*batch[:-1])
        return self.loss(Y_hat, batch[-1]), self.accuracy(Y_hat, batch[-1])

    def accuracy(self, Y_hat, Y, averaged=True):
        """The share of right predictions, or each one's 0 or 1.

        Y_hat: (..., classes).
        Y: as many labels as there are rows.
        """
        Y_hat = Y_hat.reshape((-1, Y_hat.shape[-1]))
        compare = (Y_hat.argmax(axis=1) == Y.reshape(-1)).astype(Y_hat.dtype)
        return compare.mean() if averaged else compare

    def loss(self, Y_hat, Y, averaged=True):
        """Cross-entropy of the logits `Y_hat`: the mean, or each example's."""
        Y_hat = Y_hat.reshape((-1, Y_hat.shape[-1]))
        fn = optax.softmax_cross_entropy_with_integer_labels
        losses = fn(Y_hat, Y.reshape((-1,)))
        return losses.mean() if averaged else losses

    def layer_summary(self, X_shape):
        """Print the shape of each layer's output for inputs of shape `X_shape`."""
        X = jnp.zeros(X_shape)
        for layer in self.net.layers:
            X = layer(X)
            print(_name_of(layer), "output shape:\t", X.shape)


def _name_of(layer):
    # Some layers are functions, or functions with settings (functools.partial).
    layer = getattr(layer, "func", layer)
    return getattr(layer, "__name__", layer.__class__.__name__)
