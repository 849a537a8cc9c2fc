"""Declarations: convnext."""


class LayerNorm2d:
    """Layer normalisation of the channels at every position."""

    def __init__(self, num_channels):
        """num_channels: of the inputs."""


def drop_path(X, drop_prob, training=True):
    """Stochastic depth: drop whole examples."""


class ConvNeXtBlock:
    """A ConvNeXt block."""

    def __init__(self, num_channels, drop_prob=0.0, *, layer_scale=1e-6):
        """drop_prob: how often an example skips it."""


class ConvNeXt:
    """ConvNeXt."""

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        depths=(3, 3, 9, 3),
        channels=(96, 192, 384, 768),
        patch_size=4,
        drop_path_rate=0.0,
        layer_scale=1e-6,
    ):
        """depths, channels: of each stage."""
