"""Softmax regression with the framework's own layers."""

from flax import nnx

from ..layers import flatten, rngs_or_default
from .classification import Classifier


class SoftmaxRegression(Classifier):
    """A linear classifier that returns logits.

    num_inputs: how many pixels an image has; 28 x 28 in the book's data.
    """

    def __init__(self, num_outputs, lr, *, num_inputs=784, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        self.net = nnx.Sequential(
            flatten,
            # Flax's default is 32 bits in any case.
            nnx.Linear(num_inputs, num_outputs, param_dtype=float, rngs=rngs),
        )

    def forward(self, X):
        """X: (batch, ...); returns (batch, num_outputs)."""
        return self.net(X)
