"""Softmax regression with the framework's own layers."""

from flax import nnx

from ..layers import flatten, layer_settings
from .classification import Classifier


class SoftmaxRegression(Classifier):
    """A linear classifier that returns logits.

    num_inputs: how many pixels an image has; 28 x 28 in the book's data.
    """

    def __init__(self, num_outputs, lr, *, num_inputs=784, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        self.net = nnx.Sequential(
            flatten, nnx.Linear(num_inputs, num_outputs, **layer_settings(rngs))
        )

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...).
        """
        return self.net(X)
