"""Residual networks (He et al., 2016) and ResNeXt's block (Xie et al., 2017)."""

from flax import nnx

from ..layers import (
    UnbiasedBatchNorm,
    flatten,
    global_avg_pool,
    layer_settings,
    max_pool,
    rngs_or_default,
)
from ..linear_classification.classification import Classifier


class Residual(nnx.Module):
    """Two convolutions, whose output is added to their input.

    use_1x1conv: let the input pass a 1 x 1 convolution, which is needed where the sum's
        terms would otherwise differ in shape.
    strides: of the first convolution.
    in_channels: of the input, as many as of the output unless given.
    """

    def __init__(
        self, num_channels, use_1x1conv=False, strides=1, *, in_channels=None, rngs=None
    ):
        c0, c1 = in_channels or num_channels, num_channels
        settings = layer_settings(rngs)
        self.conv1 = nnx.Conv(c0, c1, (3, 3), strides, padding=1, **settings)
        self.conv2 = nnx.Conv(c1, c1, (3, 3), padding=1, **settings)
        if use_1x1conv:
            self.conv3 = nnx.Conv(c0, c1, (1, 1), strides, **settings)
        else:  # not before: what was None once can hold no layer later
            self.conv3 = None
        self.bn1 = UnbiasedBatchNorm(c1)
        self.bn2 = UnbiasedBatchNorm(c1)

    def branch(self, X):
        """What is added to the input."""
        Y = nnx.relu(self.bn1(self.conv1(X)))
        return self.bn2(self.conv2(Y))

    def shortcut(self, X):
        """The input in the shape of the output."""
        return X if self.conv3 is None else self.conv3(X)

    def __call__(self, X):
        """Return (batch, h, w, num_channels), strided.

        X: (batch, h, w, channels).
        """
        return nnx.relu(self.branch(X) + self.shortcut(X))


class ResNeXtBlock(nnx.Module):
    """A residual block whose middle convolution works on groups of channels.

    groups: the number of channels in each group.
    bot_mul: channels of the first two convolutions, as a multiple of num_channels.
    use_1x1conv, strides, in_channels: as in `Residual`.
    """

    def __init__(
        self,
        num_channels,
        groups,
        bot_mul,
        use_1x1conv=False,
        strides=1,
        *,
        in_channels=None,
        rngs=None,
    ):
        c0, c2 = in_channels or num_channels, num_channels
        c1 = round(num_channels * bot_mul)
        settings = layer_settings(rngs)
        grouped = {"feature_group_count": c1 // groups, "padding": 1} | settings
        self.conv1 = nnx.Conv(c0, c1, (1, 1), **settings)
        self.conv2 = nnx.Conv(c1, c1, (3, 3), strides, **grouped)
        self.conv3 = nnx.Conv(c1, c2, (1, 1), **settings)
        self.bn1 = UnbiasedBatchNorm(c1)
        self.bn2 = UnbiasedBatchNorm(c1)
        self.bn3 = UnbiasedBatchNorm(c2)
        if use_1x1conv:
            self.conv4 = nnx.Conv(c0, c2, (1, 1), strides, **settings)
            self.bn4 = UnbiasedBatchNorm(c2)
        else:
            self.conv4 = self.bn4 = None

    def branch(self, X):
        """What is added to the input."""
        Y = nnx.relu(self.bn1(self.conv1(X)))
        Y = nnx.relu(self.bn2(self.conv2(Y)))
        return self.bn3(self.conv3(Y))

    def shortcut(self, X):
        """The input in the shape of the output."""
        return X if self.conv4 is None else self.bn4(self.conv4(X))

    def __call__(self, X):
        """Return (batch, h, w, num_channels), strided.

        X: (batch, h, w, channels).
        """
        return nnx.relu(self.branch(X) + self.shortcut(X))


class ResNet(Classifier):
    """A wide convolution, stages of residual blocks, and an average over the image.

    arch: for each stage the number of its blocks and of their channels.
    stem_channels: of the first convolution, as many as in the first stage.
    in_channels: of the images.
    """

    def __init__(
        self,
        arch,
        lr=0.1,
        num_classes=10,
        *,
        stem_channels=64,
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        widths = [stem_channels, *[channels for _, channels in arch]]
        self.net = nnx.Sequential(
            self.b1(rngs=rngs),
            *[
                self.block(*stage, first_block=i == 0, in_channels=widths[i], rngs=rngs)
                for i, stage in enumerate(arch)
            ],
            global_avg_pool,
            flatten,
            nnx.Linear(widths[-1], num_classes, **layer_settings(rngs)),
        )

    def b1(self, *, rngs=None):
        """The stem, which quarters the image's sides."""
        settings = layer_settings(rngs) | {"strides": 2, "padding": 3}
        return nnx.Sequential(
            nnx.Conv(self.in_channels, self.stem_channels, (7, 7), **settings),
            UnbiasedBatchNorm(self.stem_channels),
            nnx.relu,
            max_pool(3, strides=2, padding=1),
        )

    def block(
        self,
        num_residuals,
        num_channels,
        first_block=False,
        *,
        in_channels=None,
        rngs=None,
    ):
        """A stage, which halves the image's sides unless it is the first one.

        in_channels: of the input, as many as of the output unless given.
        """
        rngs = rngs_or_default(rngs)
        layers = []
        for i in range(num_residuals):
            if i == 0 and not first_block:
                shrinking = {"use_1x1conv": True, "strides": 2}
                first = Residual(
                    num_channels, **shrinking, in_channels=in_channels, rngs=rngs
                )
                layers.append(first)
            else:
                layers.append(Residual(num_channels, rngs=rngs))
        return nnx.Sequential(*layers)


class ResNet18(ResNet):
    """Eight residual blocks: 18 layers with weights along the deepest path."""

    def __init__(self, lr=0.1, num_classes=10, *, in_channels=1, rngs=None):
        arch = ((2, 64), (2, 128), (2, 256), (2, 512))
        super().__init__(arch, lr, num_classes, in_channels=in_channels, rngs=rngs)
