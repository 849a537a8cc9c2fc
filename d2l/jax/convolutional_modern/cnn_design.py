"""Network design spaces: AnyNet, RegNet (Radosavovic et al., 2020), and SE blocks."""

from functools import partial

from flax import nnx

from ..layers import (
    UnbiasedBatchNorm,
    flatten,
    global_avg_pool,
    layer_settings,
    rngs_or_default,
)
from ..linear_classification.classification import Classifier
from .resnet import ResNeXtBlock


class AnyNet(Classifier):
    """A small stem, stages of ResNeXt blocks, and an average over the image.

    arch: for each stage its number of blocks (depth), and their number of channels, of
        channels in a group, and the factor of the bottleneck.
    in_channels: of the images.
    """

    def __init__(
        self, arch, stem_channels, lr=0.1, num_classes=10, *, in_channels=1, rngs=None
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        widths = [stem_channels, *[channels for _, channels, *_ in arch]]
        self.net = nnx.Sequential(
            self.stem(stem_channels, rngs=rngs),
            *[
                self.stage(*stage, in_channels=width, rngs=rngs)
                for stage, width in zip(arch, widths[:-1], strict=True)
            ],
            global_avg_pool,
            flatten,
            nnx.Linear(widths[-1], num_classes, **layer_settings(rngs)),
        )

    def stem(self, num_channels, *, rngs=None):
        """A convolution that halves the image's sides."""
        settings = layer_settings(rngs) | {"strides": 2, "padding": 1}
        return nnx.Sequential(
            nnx.Conv(self.in_channels, num_channels, (3, 3), **settings),
            UnbiasedBatchNorm(num_channels),
            nnx.relu,
        )

    def stage(
        self, depth, num_channels, groups, bot_mul, *, in_channels=None, rngs=None
    ):
        """Blocks, the first of which halves the image's sides.

        in_channels: of the input, as many as of the output unless given.
        """
        rngs = rngs_or_default(rngs)
        block = partial(ResNeXtBlock, num_channels, groups, bot_mul, rngs=rngs)
        first = block(use_1x1conv=True, strides=2, in_channels=in_channels)
        others = [block() for _ in range(depth - 1)]
        return nnx.Sequential(first, *others)


class RegNetX32(AnyNet):
    """A small RegNetX: two stages of 4 and 6 blocks, of 32 and 80 channels."""

    def __init__(self, lr=0.1, num_classes=10, *, in_channels=1, rngs=None):
        arch = ((4, 32, 16, 1), (6, 80, 16, 1))
        inputs = {"in_channels": in_channels, "rngs": rngs}
        super().__init__(arch, 32, lr, num_classes, **inputs)


class SE(nnx.Module):
    """Squeeze and excitation (Hu et al., 2018): the image's means weigh its channels.

    reduction: by how much the hidden layer is narrower than the input.
    """

    def __init__(self, num_channels, reduction=4, *, rngs=None):
        settings = layer_settings(rngs)
        num_hiddens = max(1, num_channels // reduction)
        self.net = nnx.Sequential(
            nnx.Linear(num_channels, num_hiddens, **settings),
            nnx.relu,
            nnx.Linear(num_hiddens, num_channels, **settings),
            nnx.sigmoid,
        )

    def __call__(self, X):
        """Return the same shape.

        X: (batch, h, w, num_channels).
        """
        weights = self.net(X.mean((1, 2)))
        return X * weights[:, None, None, :]
