"""Densely connected networks: DenseNet (Huang et al., 2017)."""

import torch
from torch import nn

from ..linear_classification.classification import Classifier


def conv_block(num_channels):
    """A `ConvBlock`."""
    return ConvBlock(num_channels)


class ConvBlock(nn.Module):
    """Normalisation, activation and a convolution, in this order."""

    def __init__(self, num_channels):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
            nn.LazyConv2d(num_channels, kernel_size=3, padding=1),
        )

    def forward(self, X):
        """Return (batch, num_channels, h, w).

        X: (batch, channels, h, w).
        """
        return self.net(X)


class DenseBlock(nn.Module):
    """Convolutional blocks, each of which sees the outputs of all before it.

    num_convs: how many.
    num_channels: what each adds.
    """

    def __init__(self, num_convs, num_channels):
        super().__init__()
        self.net = nn.Sequential(*[conv_block(num_channels) for _ in range(num_convs)])

    def forward(self, X):
        """Return (batch, c + num_convs * num_channels, h, w).

        X: (batch, c, h, w).
        """
        for block in self.net:
            X = torch.cat((X, block(X)), dim=1)
        return X


def transition_block(num_channels):
    """A `TransitionBlock`."""
    return TransitionBlock(num_channels)


class TransitionBlock(nn.Module):
    """Fewer channels by a 1 x 1 convolution, and half the image's sides by pooling."""

    def __init__(self, num_channels):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
            nn.LazyConv2d(num_channels, kernel_size=1),
            nn.AvgPool2d(kernel_size=2, stride=2),
        )

    def forward(self, X):
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
        self.net = nn.Sequential(
            self.b1(),
            *self.blocks(),
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.LazyLinear(num_classes),
        )

    def b1(self):
        """The stem, which quarters the image's sides."""
        return nn.Sequential(
            nn.LazyConv2d(self.num_channels, kernel_size=7, stride=2, padding=3),
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )

    def blocks(self):
        """Dense blocks, and transitions that halve the channels in between."""
        channels, layers = self.num_channels, []
        for i, num_convs in enumerate(self.arch):
            if i > 0:
                channels //= 2
                layers.append(transition_block(channels))
            layers.append(DenseBlock(num_convs, self.growth_rate))
            channels += num_convs * self.growth_rate
        return layers
