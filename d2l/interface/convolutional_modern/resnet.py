"""Declarations: resnet."""


class Residual:
    """A residual block."""

    def __init__(self, num_channels, use_1x1conv=False, strides=1):
        """use_1x1conv: a convolution in the shortcut."""

    def branch(self, X):
        """What is added to the input."""

    def shortcut(self, X):
        """The input in the shape of the output."""


class ResNeXtBlock:
    """A residual block of grouped convolutions."""

    def __init__(self, num_channels, groups, bot_mul, use_1x1conv=False, strides=1):
        """Widths.

        groups: of a group.
        bot_mul: factor of the bottleneck.
        """

    def branch(self, X):
        """What is added to the input."""

    def shortcut(self, X):
        """The input in the shape of the output."""


class ResNet:
    """A residual network."""

    def __init__(self, arch, lr=0.1, num_classes=10, *, stem_channels=64):
        """arch: (blocks, channels) of each stage."""

    def b1(self):
        """The stem."""

    def block(self, num_residuals, num_channels, first_block=False):
        """A stage."""


class ResNet18:
    """ResNet-18."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""
