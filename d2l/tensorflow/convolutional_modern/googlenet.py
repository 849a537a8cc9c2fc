"""Branches side by side: GoogLeNet (Szegedy et al., 2015)."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import Block, Flatten, PaddedConv2D, PaddedMaxPooling2D
from ..linear_classification.classification import Classifier


class Inception(Block):
    """Four branches that see an image at different scales, their channels joined.

    c1: outputs of the 1 x 1 convolution.
    c2, c3: of the two convolutions before and in the 3 x 3 and the 5 x 5 branch.
    c4: of the branch that pools.
    """

    def __init__(self, c1, c2, c3, c4):
        super().__init__()
        self.b1_1 = layers.Conv2D(c1, kernel_size=1)
        self.b2_1 = layers.Conv2D(c2[0], kernel_size=1)
        self.b2_2 = layers.Conv2D(c2[1], kernel_size=3, padding="same")
        self.b3_1 = layers.Conv2D(c3[0], kernel_size=1)
        self.b3_2 = layers.Conv2D(c3[1], kernel_size=5, padding="same")
        self.b4_1 = layers.MaxPooling2D(pool_size=3, strides=1, padding="same")
        self.b4_2 = layers.Conv2D(c4, kernel_size=1)

    def call(self, X):
        """Return the same with c1 + c2[1] + c3[1] + c4.

        X: (batch, h, w, channels).
        """
        b1 = tf.nn.relu(self.b1_1(X))
        b2 = tf.nn.relu(self.b2_2(tf.nn.relu(self.b2_1(X))))
        b3 = tf.nn.relu(self.b3_2(tf.nn.relu(self.b3_1(X))))
        b4 = tf.nn.relu(self.b4_2(self.b4_1(X)))
        return tf.concat((b1, b2, b3, b4), axis=-1)


class GoogleNet(Classifier):
    """A stem and nine Inception blocks, in five parts, each of which halves the image.

    width: all published numbers of channels are multiplied by it.
    """

    def __init__(self, lr=0.1, num_classes=10, *, width=1.0):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                self.b1(),
                self.b2(),
                self.b3(),
                self.b4(),
                self.b5(),
                layers.Dense(num_classes),
            ]
        )

    def scaled(self, channels):
        """A number of channels, or a pair of them, times the width; at least one."""
        if isinstance(channels, tuple):
            return tuple(self.scaled(c) for c in channels)
        return max(1, int(self.width * channels))

    def inception(self, *branches):
        """An Inception block of the published numbers of channels, scaled."""
        return Inception(*map(self.scaled, branches))

    def b1(self):
        """A wide convolution."""
        return keras.Sequential(
            [
                PaddedConv2D(self.scaled(64), kernel_size=7, strides=2, pad=3),
                layers.ReLU(),
                PaddedMaxPooling2D(pool_size=3, strides=2, pad=1),
            ]
        )

    def b2(self):
        """A 1 x 1 and a 3 x 3 convolution."""
        return keras.Sequential(
            [
                layers.Conv2D(self.scaled(64), kernel_size=1),
                layers.ReLU(),
                layers.Conv2D(self.scaled(192), kernel_size=3, padding="same"),
                layers.ReLU(),
                PaddedMaxPooling2D(pool_size=3, strides=2, pad=1),
            ]
        )

    def b3(self):
        """Two Inception blocks."""
        return keras.Sequential(
            [
                self.inception(64, (96, 128), (16, 32), 32),
                self.inception(128, (128, 192), (32, 96), 64),
                PaddedMaxPooling2D(pool_size=3, strides=2, pad=1),
            ]
        )

    def b4(self):
        """Five Inception blocks."""
        return keras.Sequential(
            [
                self.inception(192, (96, 208), (16, 48), 64),
                self.inception(160, (112, 224), (24, 64), 64),
                self.inception(128, (128, 256), (24, 64), 64),
                self.inception(112, (144, 288), (32, 64), 64),
                self.inception(256, (160, 320), (32, 128), 128),
                PaddedMaxPooling2D(pool_size=3, strides=2, pad=1),
            ]
        )

    def b5(self):
        """Two Inception blocks, averaged over the image."""
        return keras.Sequential(
            [
                self.inception(256, (160, 320), (32, 128), 128),
                self.inception(384, (192, 384), (48, 128), 128),
                layers.GlobalAveragePooling2D(keepdims=True),
                Flatten(),
            ]
        )
