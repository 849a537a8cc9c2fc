"""Linear regression and stochastic gradient descent, from scratch."""

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from ..layers import rngs_or_default
from .oo_design import HyperParameters, Module


class LinearRegressionScratch(Module):
    """A linear model Xw + b with squared loss.

    num_inputs: the number of features.
    lr: the learning rate.
    sigma: the standard deviation of the initial weights.
    """

    def __init__(self, num_inputs, lr, sigma=0.01, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        key = rngs_or_default(rngs).params()
        self.w = nnx.Param(sigma * jax.random.normal(key, (num_inputs, 1)))
        self.b = nnx.Param(jnp.zeros(1))

    def forward(self, X):
        """Return (batch, 1).

        X: (batch, num_inputs).
        """
        return jnp.matmul(X, self.w[...]) + self.b[...]

    def loss(self, y_hat, y):
        """Half the squared error, averaged over the batch."""
        return ((y_hat - y) ** 2 / 2).mean()

    def configure_optimizers(self):
        """The optimizer below."""
        return SGD(self.lr)


class SGD(HyperParameters):
    """Minibatch stochastic gradient descent: p <- p - lr * gradient.

    An optimizer in the form that Optax has given them: it is not told its
    parameters, and has no state. Called, it returns a transformation of Optax.
    """

    def __init__(self, lr):
        self.save_hyperparameters()

    def init(self, params):
        """The state before the first step: none."""
        return optax.EmptyState()

    def update(self, updates, state, params=None):
        """What to add to the parameters, from their gradients `updates`."""
        return jax.tree.map(lambda gradient: -self.lr * gradient, updates), state

    def __call__(self):
        """The same as a `GradientTransformation`."""
        return optax.GradientTransformation(self.init, self.update)
