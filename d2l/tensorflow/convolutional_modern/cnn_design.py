"""Network design spaces: AnyNet, RegNet (Radosavovic et al., 2020), and SE blocks."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import BatchNormalization, Block, Flatten, PaddedConv2D
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
        self.net = keras.Sequential(
            [
                self.stem(stem_channels),
                *[self.stage(*stage) for stage in arch],
                layers.GlobalAveragePooling2D(keepdims=True),
                Flatten(),
                layers.Dense(num_classes),
            ]
        )

    def stem(self, num_channels):
        """A convolution that halves the image's sides."""
        return keras.Sequential(
            [
                PaddedConv2D(num_channels, kernel_size=3, strides=2, pad=1),
                BatchNormalization(),
                layers.ReLU(),
            ]
        )

    def stage(self, depth, num_channels, groups, bot_mul):
        """Blocks, the first of which halves the image's sides."""
        first = ResNeXtBlock(num_channels, groups, bot_mul, use_1x1conv=True, strides=2)
        others = [ResNeXtBlock(num_channels, groups, bot_mul) for _ in range(depth - 1)]
        return keras.Sequential([first, *others])


class RegNetX32(AnyNet):
    """A small RegNetX: two stages of 4 and 6 blocks, of 32 and 80 channels."""

    def __init__(self, lr=0.1, num_classes=10):
        arch = ((4, 32, 16, 1), (6, 80, 16, 1))
        super().__init__(arch, stem_channels=32, lr=lr, num_classes=num_classes)


class SE(Block):
    """Squeeze and excitation (Hu et al., 2018): the image's means weigh its channels.

    reduction: by how much the hidden layer is narrower than the input.
    """

    def __init__(self, num_channels, reduction=4):
        super().__init__()
        self.net = keras.Sequential(
            [
                layers.Dense(max(1, num_channels // reduction)),
                layers.ReLU(),
                layers.Dense(num_channels),
                layers.Activation("sigmoid"),
            ]
        )

    def call(self, X):
        """Return the same shape.

        X: (batch, h, w, num_channels).
        """
        weights = self.net(tf.reduce_mean(X, (1, 2)))
        return X * weights[:, tf.newaxis, tf.newaxis]
