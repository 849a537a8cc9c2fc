"""Declarations: vgg."""


def vgg_block(num_convs, out_channels):
    """Convolutions and a pooling."""


class VGG:
    """VGG."""

    def __init__(self, arch, lr=0.1, num_classes=10, *, num_hiddens=4096):
        """arch: (convolutions, channels) of each block."""
