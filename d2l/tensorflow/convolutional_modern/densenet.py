"""Densely connected networks: DenseNet (Huang et al., 2017)."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import (
    BatchNormalization,
    Block,
    Flatten,
    PaddedConv2D,
    PaddedMaxPooling2D,
)
from ..linear_classification.classification import Classifier


def conv_block(num_channels):
    """A `ConvBlock`."""
    return ConvBlock(num_channels)


class ConvBlock(Block):
    """Normalisation, activation and a convolution, in this order."""

    def __init__(self, num_channels):
        super().__init__()
        self.net = keras.Sequential(
            [
                BatchNormalization(),
                layers.ReLU(),
                layers.Conv2D(num_channels, kernel_size=3, padding="same"),
            ]
        )

    def call(self, X):
        """Return (batch, h, w, num_channels).

        X: (batch, h, w, channels).
        """
        return self.net(X)


class DenseBlock(Block):
    """Convolutional blocks, each of which sees the outputs of all before it.

    num_convs: how many.
    num_channels: what each adds.
    """

    def __init__(self, num_convs, num_channels):
        super().__init__()
        self.net = [conv_block(num_channels) for _ in range(num_convs)]

    def call(self, X):
        """Return (batch, h, w, c + num_convs * num_channels).

        X: (batch, h, w, c).
        """
        for block in self.net:
            X = tf.concat((X, block(X)), axis=-1)
        return X


def transition_block(num_channels):
    """A `TransitionBlock`."""
    return TransitionBlock(num_channels)


class TransitionBlock(Block):
    """Fewer channels by a 1 x 1 convolution, and half the image's sides by pooling."""

    def __init__(self, num_channels):
        super().__init__()
        self.net = keras.Sequential(
            [
                BatchNormalization(),
                layers.ReLU(),
                layers.Conv2D(num_channels, kernel_size=1),
                layers.AveragePooling2D(pool_size=2, strides=2),
            ]
        )

    def call(self, X):
        """Return (batch, h / 2, w / 2, num_channels).

        X: (batch, h, w, channels).
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
        self.net = keras.Sequential(
            [
                self.b1(),
                *self.blocks(),
                BatchNormalization(),
                layers.ReLU(),
                layers.GlobalAveragePooling2D(keepdims=True),
                Flatten(),
                layers.Dense(num_classes),
            ]
        )

    def b1(self):
        """The stem, which quarters the image's sides."""
        return keras.Sequential(
            [
                PaddedConv2D(self.num_channels, kernel_size=7, strides=2, pad=3),
                BatchNormalization(),
                layers.ReLU(),
                PaddedMaxPooling2D(pool_size=3, strides=2, pad=1),
            ]
        )

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
