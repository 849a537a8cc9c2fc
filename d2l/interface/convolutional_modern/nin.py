"""Declarations: nin."""


def nin_block(out_channels, kernel_size, strides, padding):
    """A convolution and two of one pixel."""


class NiN:
    """Network in network."""

    def __init__(self, lr=0.1, num_classes=10, *, channels=(96, 256, 384)):
        """channels: of all blocks but the last."""
