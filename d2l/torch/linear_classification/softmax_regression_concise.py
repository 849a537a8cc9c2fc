"""Softmax regression with the framework's own layers."""

from torch import nn

from .classification import Classifier


class SoftmaxRegression(Classifier):
    """A linear classifier that returns logits."""

    def __init__(self, num_outputs, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(nn.Flatten(), nn.LazyLinear(num_outputs))

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...).
        """
        return self.net(X)
