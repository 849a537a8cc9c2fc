"""Densely connected networks: DenseNet (Huang et al., 2017)."""

from mxnet import init
from mxnet.gluon import nn

from ..layers import BatchNorm
from ..linear_classification.classification import Classifier


def conv_block(num_channels):
    """A `ConvBlock`."""
    return ConvBlock(num_channels)


class ConvBlock(nn.HybridBlock):
    """Normalisation, activation and a convolution, in this order."""

    def __init__(self, num_channels):
        super().__init__()
        self.net = nn.HybridSequential()
        self.net.add(
            BatchNorm(),
            nn.Activation("relu"),
            nn.Conv2D(num_channels, kernel_size=3, padding=1),
        )
        self.initialize(init.Xavier())

    def hybrid_forward(self, F, X):
        """Return (batch, num_channels, h, w).

        X: (batch, channels, h, w).
        """
        return self.net(X)


class DenseBlock(nn.HybridBlock):
    """Convolutional blocks, each of which sees the outputs of all before it.

    num_convs: how many.
    num_channels: what each adds.
    """

    def __init__(self, num_convs, num_channels):
        super().__init__()
        self.net = nn.HybridSequential()
        self.net.add(*[conv_block(num_channels) for _ in range(num_convs)])

    def hybrid_forward(self, F, X):
        """Return (batch, c + num_convs * num_channels, h, w).

        X: (batch, c, h, w).
        """
        for block in self.net:
            X = F.np.concatenate((X, block(X)), axis=1)
        return X


def transition_block(num_channels):
    """A `TransitionBlock`."""
    return TransitionBlock(num_channels)


class TransitionBlock(nn.HybridBlock):
    """Fewer channels by a 1 x 1 convolution, and half the image's sides by pooling."""

    def __init__(self, num_channels):
        super().__init__()
        self.net = nn.HybridSequential()
        self.net.add(
            BatchNorm(),
            nn.Activation("relu"),
            nn.Conv2D(num_channels, kernel_size=1),
            nn.AvgPool2D(pool_size=2, strides=2),
        )
        self.initialize(init.Xavier())

    def hybrid_forward(self, F, X):
        """Return (batch, num_channels, h / 2, w / 2).

        X: (batch, channels, h, w).
        """
        return self.net(X)


class DenseNet(Classifier):
    """A wide convolution and dense blocks, with a transition between any two.

    num_channels: of the first convolution.
    growth_rate: what a convolutional block adds.
    arch: the number of convolutional blocks in each dense block.
    """

    def __init__(
        self,
        num_channels=64,
        growth_rate=32,
        arch=(4, 4, 4, 4),
        lr=0.1,
        num_classes=10,
    ):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            self.b1(),
            *self.blocks(),
            BatchNorm(),
            nn.Activation("relu"),
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
            nn.Conv2D(self.num_channels, kernel_size=7, strides=2, padding=3),
            BatchNorm(),
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1),
        )
        return stem

    def blocks(self):
        """Dense blocks, and transitions that halve the channels in between."""
        channels, blocks = self.num_channels, []
        for i, num_convs in enumerate(self.arch):
            if i > 0:
                channels //= 2
                blocks.append(transition_block(channels))
            blocks.append(DenseBlock(num_convs, self.growth_rate))
            channels += num_convs * self.growth_rate
        return blocks
