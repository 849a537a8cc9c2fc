"""Network design spaces: AnyNet, RegNet (Radosavovic et al., 2020), and SE blocks."""

from torch import nn

from ..linear_classification.classification import Classifier
from .resnet import ResNeXtBlock


class AnyNet(Classifier):
    """A small stem, stages of ResNeXt blocks, and an average over the image.

    arch: for each stage its number of blocks (depth), and their number of channels,
    of channels in a group, and the factor of the bottleneck.
    """

    def __init__(self, arch, stem_channels, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            self.stem(stem_channels),
            *[self.stage(*stage) for stage in arch],
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.LazyLinear(num_classes),
        )

    def stem(self, num_channels):
        """A convolution that halves the image's sides."""
        return nn.Sequential(
            nn.LazyConv2d(num_channels, kernel_size=3, stride=2, padding=1),
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
        )

    def stage(self, depth, num_channels, groups, bot_mul):
        """Blocks, the first of which halves the image's sides."""
        first = ResNeXtBlock(num_channels, groups, bot_mul, use_1x1conv=True, strides=2)
        others = [ResNeXtBlock(num_channels, groups, bot_mul) for _ in range(depth - 1)]
        return nn.Sequential(first, *others)


class RegNetX32(AnyNet):
    """A small RegNetX: two stages of 4 and 6 blocks, of 32 and 80 channels."""

    def __init__(self, lr=0.1, num_classes=10):
        arch = ((4, 32, 16, 1), (6, 80, 16, 1))
        super().__init__(arch, stem_channels=32, lr=lr, num_classes=num_classes)


class SE(nn.Module):
    """Squeeze and excitation (Hu et al., 2018): the image's means weigh its channels.

    reduction: by how much the hidden layer is narrower than the input.
    """

    def __init__(self, num_channels, reduction=4):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyLinear(max(1, num_channels // reduction)),
            nn.ReLU(),
            nn.LazyLinear(num_channels),
            nn.Sigmoid(),
        )

    def forward(self, X):
        """Return the same shape.

        X: (batch, num_channels, h, w).
        """
        weights = self.net(X.mean((2, 3)))
        return X * weights[:, :, None, None]
