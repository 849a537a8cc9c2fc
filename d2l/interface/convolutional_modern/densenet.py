"""Declarations: densenet."""


def conv_block(num_channels):
    """A `ConvBlock`."""


class ConvBlock:
    """Normalisation, activation, convolution."""

    def __init__(self, num_channels):
        """num_channels: of the output."""


class DenseBlock:
    """Blocks that see all outputs before them."""

    def __init__(self, num_convs, num_channels):
        """num_channels: what each block adds."""


def transition_block(num_channels):
    """A `TransitionBlock`."""


class TransitionBlock:
    """Fewer channels, half the image's sides."""

    def __init__(self, num_channels):
        """num_channels: of the output."""


class DenseNet:
    """A densely connected network."""

    def __init__(
        self,
        num_channels=64,
        growth_rate=32,
        arch=(4, 4, 4, 4),
        lr=0.1,
        num_classes=10,
    ):
        """arch: convolutional blocks in each dense block."""

    def b1(self):
        """The stem."""
