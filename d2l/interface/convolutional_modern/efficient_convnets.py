"""Declarations: efficient convnets."""


def dws_block(in_channels, out_channels, strides=1):
    """A `DWSBlock`."""


class DWSBlock:
    """A depthwise separable convolution."""

    def __init__(self, in_channels, out_channels, strides=1):
        """strides: of the depthwise convolution."""


class MiniMobileNet:
    """A small MobileNet."""

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        stem_channels=32,
        arch=((64, 1), (128, 2), (128, 1), (256, 2), (256, 1)),
    ):
        """arch: (channels, strides) of each block."""


class RepVGGBlock:
    """Three terms, which become one convolution after training."""

    def __init__(self, in_channels, out_channels, strides=1):
        """The input is a term of its own where it fits."""


def fuse_bn(conv, bn):
    """Weight and bias of the convolution that equals both."""


def fuse_block(block):
    """The convolution and activation that equal a `RepVGGBlock`."""
