"""Softmax regression from scratch."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import rngs_or_default
from .classification import Classifier


def softmax(X):
    """Probabilities along the rows of X, (examples, classes)."""
    X_exp = jnp.exp(X)
    return X_exp / X_exp.sum(1, keepdims=True)


def cross_entropy(y_hat, y):
    """The mean negative log-probability that `y_hat` gives to the labels `y`."""
    return -jnp.log(y_hat[jnp.arange(len(y_hat)), y]).mean()


class SoftmaxRegressionScratch(Classifier):
    """A linear classifier that returns probabilities."""

    def __init__(self, num_inputs, num_outputs, lr, sigma=0.01, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        key = rngs_or_default(rngs).params()
        self.W = nnx.Param(sigma * jax.random.normal(key, (num_inputs, num_outputs)))
        self.b = nnx.Param(jnp.zeros(num_outputs))

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...), num_inputs values each.
        """
        X = X.reshape((-1, self.W.shape[0]))
        return softmax(jnp.matmul(X, self.W[...]) + self.b[...])

    def loss(self, y_hat, y):
        """The cross-entropy of the probabilities."""
        return cross_entropy(y_hat, y)
