"""Declarations: conv layer."""


def corr2d(X, K):
    """Cross-correlation."""


class Conv2D:
    """A convolution of one channel."""

    def __init__(self, kernel_size):
        """kernel_size: (height, width)."""
