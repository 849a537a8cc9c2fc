"""Declarations: batch norm."""


def batch_norm(
    X, gamma, beta, moving_mean, moving_var, eps, momentum, *, training=True
):
    """Batch normalisation."""


class BatchNorm:
    """A layer that normalises each feature."""

    def __init__(self, num_features, num_dims):
        """num_dims: axes of the inputs, 2 or 4."""


class BNLeNetScratch:
    """LeNet with batch normalisation, from scratch."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""


class BNLeNet:
    """LeNet with batch normalisation."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""
