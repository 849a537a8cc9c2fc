"""Declarations: convolution, pooling, LeNet."""


def corr2d(X, K):
    """Cross-correlation."""


class Conv2D:
    """A convolution of one channel."""

    def __init__(self, kernel_size):
        """kernel_size: (height, width)."""


def comp_conv2d(conv2d, X):
    """Apply a layer for image batches to one image."""


def corr2d_multi_in(X, K):
    """Several input channels."""


def corr2d_multi_in_out(X, K):
    """Several input and output channels."""


def corr2d_multi_in_out_1x1(X, K):
    """Kernels of one pixel."""


def pool2d(X, pool_size, mode="max"):
    """Pooling."""


def init_cnn(module):
    """Xavier's uniform rule for dense and convolutional layers."""


class LeNet:
    """LeNet."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""
