"""Declarations: cnn design."""


class AnyNet:
    """A stem, stages of ResNeXt blocks, a head."""

    def __init__(self, arch, stem_channels, lr=0.1, num_classes=10):
        """arch: (depth, channels, groups, bot_mul) of each stage."""

    def stem(self, num_channels):
        """A convolution that halves the image's sides."""

    def stage(self, depth, num_channels, groups, bot_mul):
        """Blocks, the first of which halves the image's sides."""


class RegNetX32:
    """A small RegNetX."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""


class SE:
    """Squeeze and excitation."""

    def __init__(self, num_channels, reduction=4):
        """reduction: by how much the hidden layer is narrower."""
