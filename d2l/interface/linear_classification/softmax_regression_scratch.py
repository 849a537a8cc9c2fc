"""Declarations: softmax regression scratch."""


def softmax(X):
    """Probabilities along rows."""


def cross_entropy(y_hat, y):
    """The mean negative log-probability of the labels."""


class SoftmaxRegressionScratch:
    """A linear classifier from scratch."""

    def __init__(self, num_inputs, num_outputs, lr, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, X):
        """Images to probabilities."""

    def loss(self, y_hat, y):
        """Cross-entropy of probabilities."""
