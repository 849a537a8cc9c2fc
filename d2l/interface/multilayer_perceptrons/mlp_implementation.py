"""Declarations: mlp implementation."""


def relu(X):
    """The positive part."""


class MLPScratch:
    """A multilayer perceptron from scratch."""

    def __init__(self, num_inputs, num_outputs, num_hiddens, lr, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, X):
        """Images to logits."""


class MLP:
    """A multilayer perceptron with the framework's own parts."""

    def __init__(self, num_outputs, num_hiddens, lr):
        """One hidden layer."""
