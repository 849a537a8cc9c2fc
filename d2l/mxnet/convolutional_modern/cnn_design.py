"""Network design spaces: AnyNet, RegNet (Radosavovic et al., 2020), and SE blocks."""

from mxnet import init
from mxnet.gluon import nn

from ..layers import BatchNorm
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
        self.net = nn.HybridSequential()
        self.net.add(
            self.stem(stem_channels),
            *[self.stage(*stage) for stage in arch],
            nn.GlobalAvgPool2D(),
            nn.Flatten(),
            nn.Dense(num_classes, flatten=False),
        )
        # Again, where blocks have initialised themselves.
        self.net.initialize(init.Xavier(), force_reinit=True)

    def stem(self, num_channels):
        """A convolution that halves the image's sides."""
        stem = nn.HybridSequential()
        stem.add(
            nn.Conv2D(num_channels, kernel_size=3, strides=2, padding=1),
            BatchNorm(),
            nn.Activation("relu"),
        )
        return stem

    def stage(self, depth, num_channels, groups, bot_mul):
        """Blocks, the first of which halves the image's sides."""
        stage = nn.HybridSequential()
        stage.add(
            ResNeXtBlock(num_channels, groups, bot_mul, use_1x1conv=True, strides=2),
            *[ResNeXtBlock(num_channels, groups, bot_mul) for _ in range(depth - 1)],
        )
        return stage


class RegNetX32(AnyNet):
    """A small RegNetX: two stages of 4 and 6 blocks, of 32 and 80 channels."""

    def __init__(self, lr=0.1, num_classes=10):
        arch = ((4, 32, 16, 1), (6, 80, 16, 1))
        super().__init__(arch, stem_channels=32, lr=lr, num_classes=num_classes)


class SE(nn.HybridBlock):
    """Squeeze and excitation (Hu et al., 2018): the image's means weigh its channels.

    reduction: by how much the hidden layer is narrower than the input.
    """

    def __init__(self, num_channels, reduction=4):
        super().__init__()
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Dense(max(1, num_channels // reduction), flatten=False),
            nn.Activation("relu"),
            nn.Dense(num_channels, flatten=False),
            nn.Activation("sigmoid"),
        )
        self.initialize(init.Xavier())

    def hybrid_forward(self, F, X):
        """Return the same shape.

        X: (batch, num_channels, h, w).
        """
        weights = self.net(F.np.mean(X, axis=(2, 3)))
        return X * F.np.expand_dims(F.np.expand_dims(weights, 2), 3)
