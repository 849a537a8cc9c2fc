"""Declarations: lenet."""


def init_cnn(module):
    """Xavier's uniform rule for dense and convolutional layers."""


class LeNet:
    """LeNet."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""
