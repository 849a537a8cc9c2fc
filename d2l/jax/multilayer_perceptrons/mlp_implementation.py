"""A multilayer perceptron with one hidden layer, from scratch and concise."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import flatten, layer_settings, rngs_or_default
from ..linear_classification.classification import Classifier


def relu(X):
    """The positive part of X; its gradient at 0 is 0."""
    # jnp.maximum would have the gradient 1/2 there.
    return jnp.where(X > 0, X, 0)


class MLPScratch(Classifier):
    """A multilayer perceptron whose parameters are plain matrices."""

    def __init__(
        self, num_inputs, num_outputs, num_hiddens, lr, sigma=0.01, *, rngs=None
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        sizes = (num_inputs, num_hiddens), (num_hiddens, num_outputs)
        W1, W2 = (sigma * jax.random.normal(rngs.params(), size) for size in sizes)
        self.W1 = nnx.Param(W1)
        self.b1 = nnx.Param(jnp.zeros(num_hiddens))
        self.W2 = nnx.Param(W2)
        self.b2 = nnx.Param(jnp.zeros(num_outputs))

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...), num_inputs values each.
        """
        X = X.reshape((-1, self.num_inputs))
        H = relu(jnp.matmul(X, self.W1[...]) + self.b1[...])
        return jnp.matmul(H, self.W2[...]) + self.b2[...]


class MLP(Classifier):
    """A multilayer perceptron of the framework's own layers.

    num_inputs: how many pixels an image has; 28 x 28 in the book's data.
    """

    def __init__(self, num_outputs, num_hiddens, lr, *, num_inputs=784, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        settings = layer_settings(rngs)
        self.net = nnx.Sequential(
            flatten,
            nnx.Linear(num_inputs, num_hiddens, **settings),
            nnx.relu,
            nnx.Linear(num_hiddens, num_outputs, **settings),
        )
