"""Residual networks (He et al., 2016) and ResNeXt's block (Xie et al., 2017)."""

from mxnet import init
from mxnet.gluon import nn

from ..layers import BatchNorm
from ..linear_classification.classification import Classifier


class Residual(nn.HybridBlock):
    """Two convolutions, whose output is added to their input.

    use_1x1conv: let the input pass a 1 x 1 convolution, which is needed where the sum's
        terms would otherwise differ in shape.
    strides: of the first convolution.
    """

    def __init__(self, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.conv1 = nn.Conv2D(num_channels, kernel_size=3, strides=strides, padding=1)
        self.conv2 = nn.Conv2D(num_channels, kernel_size=3, padding=1)
        self.conv3 = None
        if use_1x1conv:
            self.conv3 = nn.Conv2D(num_channels, kernel_size=1, strides=strides)
        self.bn1 = BatchNorm()
        self.bn2 = BatchNorm()
        self.relu = nn.Activation("relu")
        self.initialize(init.Xavier())

    def branch(self, X):
        """What is added to the input."""
        Y = self.relu(self.bn1(self.conv1(X)))
        return self.bn2(self.conv2(Y))

    def shortcut(self, X):
        """The input in the shape of the output."""
        return X if self.conv3 is None else self.conv3(X)

    def hybrid_forward(self, F, X):
        """Return (batch, num_channels, h, w), strided.

        X: (batch, channels, h, w).
        """
        return self.relu(self.branch(X) + self.shortcut(X))


class ResNeXtBlock(nn.HybridBlock):
    """A residual block whose middle convolution works on groups of channels.

    groups: the number of channels in each group.
    bot_mul: channels of the first two convolutions, as a multiple of num_channels.
    use_1x1conv, strides: as in `Residual`.
    """

    def __init__(self, num_channels, groups, bot_mul, use_1x1conv=False, strides=1):
        super().__init__()
        bot_channels = round(num_channels * bot_mul)
        self.conv1 = nn.Conv2D(bot_channels, kernel_size=1)
        self.conv2 = nn.Conv2D(
            bot_channels,
            kernel_size=3,
            strides=strides,
            padding=1,
            groups=bot_channels // groups,
        )
        self.conv3 = nn.Conv2D(num_channels, kernel_size=1)
        self.bn1 = BatchNorm()
        self.bn2 = BatchNorm()
        self.bn3 = BatchNorm()
        self.conv4 = self.bn4 = None
        if use_1x1conv:
            self.conv4 = nn.Conv2D(num_channels, kernel_size=1, strides=strides)
            self.bn4 = BatchNorm()
        self.relu = nn.Activation("relu")
        self.initialize(init.Xavier())

    def branch(self, X):
        """What is added to the input."""
        Y = self.relu(self.bn1(self.conv1(X)))
        Y = self.relu(self.bn2(self.conv2(Y)))
        return self.bn3(self.conv3(Y))

    def shortcut(self, X):
        """The input in the shape of the output."""
        return X if self.conv4 is None else self.bn4(self.conv4(X))

    def hybrid_forward(self, F, X):
        """Return (batch, num_channels, h, w), strided.

        X: (batch, channels, h, w).
        """
        return self.relu(self.branch(X) + self.shortcut(X))


class ResNet(Classifier):
    """A wide convolution, stages of residual blocks, and an average over the image.

    arch: for each stage the number of its blocks and of their channels.
    stem_channels: of the first convolution, as many as in the first stage.
    """

    def __init__(self, arch, lr=0.1, num_classes=10, *, stem_channels=64):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            self.b1(),
            *[self.block(*stage, first_block=i == 0) for i, stage in enumerate(arch)],
            nn.GlobalAvgPool2D(),
            nn.Flatten(),
            nn.Dense(num_classes, flatten=False),
        )
        # Again, where blocks have initialised themselves.
        self.net.initialize(init.Xavier(), force_reinit=True)

    def b1(self):
        """The stem, which quarters the image's sides."""
        stem = nn.HybridSequential()
        stem.add(
            nn.Conv2D(self.stem_channels, kernel_size=7, strides=2, padding=3),
            BatchNorm(),
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1),
        )
        return stem

    def block(self, num_residuals, num_channels, first_block=False):
        """A stage, which halves the image's sides unless it is the first one."""
        stage = nn.HybridSequential()
        for i in range(num_residuals):
            if i == 0 and not first_block:
                stage.add(Residual(num_channels, use_1x1conv=True, strides=2))
            else:
                stage.add(Residual(num_channels))
        return stage


class ResNet18(ResNet):
    """Eight residual blocks: 18 layers with weights along the deepest path."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__(((2, 64), (2, 128), (2, 256), (2, 512)), lr, num_classes)
