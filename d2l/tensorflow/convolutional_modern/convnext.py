"""ConvNeXt (Liu et al., 2022), and stochastic depth (Huang et al., 2016)."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import Block, Flatten, gelu
from ..linear_classification.classification import Classifier
from ..randomness import uniform
from ..tensor import ones


class LayerNorm2d(layers.LayerNormalization):
    """Layer normalisation (Ba et al., 2016) of the channels at every position."""

    features_last = True

    def __init__(self, num_channels):
        # Of the last axis, which channels are. Keras's own epsilon is 1e-3.
        super().__init__(epsilon=1e-5)
        self.num_channels = num_channels


def drop_path(X, drop_prob, training=True):
    """Set each example to 0 with probability `drop_prob`; scale the others up.

    X: (batch, ...); unchanged unless `training`.
    """
    if not 0 <= drop_prob < 1:
        raise ValueError(f"drop_prob must lie in [0, 1), not {drop_prob}")
    if not training or drop_prob == 0:
        return X
    keep = tf.cast(uniform(tf.shape(X)[:1]) > drop_prob, X.dtype)
    return tf.reshape(keep, [-1] + [1] * (len(X.shape) - 1)) * X / (1.0 - drop_prob)


class ConvNeXtBlock(Block):
    """A 7 x 7 convolution of each channel, then a small network at every position.

    drop_prob: how often an example skips the block in training.
    layer_scale: the factor that each channel of the branch starts with.
    """

    features_last = True

    def __init__(self, num_channels, drop_prob=0.0, *, layer_scale=1e-6):
        super().__init__()
        self.drop_prob = drop_prob
        self.dwconv = layers.DepthwiseConv2D(kernel_size=7, padding="same")
        self.norm = LayerNorm2d(num_channels)
        self.pwconv1 = layers.Conv2D(4 * num_channels, kernel_size=1)
        self.pwconv2 = layers.Conv2D(num_channels, kernel_size=1)
        self.gamma = tf.Variable(layer_scale * ones(num_channels))

    def call(self, X, training=False):
        """Return the same shape.

        X: (batch, h, w, num_channels).
        """
        Y = self.pwconv1(self.norm(self.dwconv(X)))
        Y = self.gamma * self.pwconv2(gelu(Y))
        return X + drop_path(Y, self.drop_prob, training)


class ConvNeXt(Classifier):
    """A stem that cuts the image into patches, and stages of ConvNeXt blocks.

    depths, channels: for each stage the number of its blocks and of their channels.
    patch_size: side of a patch.
    drop_path_rate: `drop_prob` of the last block, to which it grows from 0.
    layer_scale: as in `ConvNeXtBlock`.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        depths=(3, 3, 9, 3),
        channels=(96, 192, 384, 768),
        patch_size=4,
        drop_path_rate=0.0,
        layer_scale=1e-6,
    ):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                self.stem(),
                *[self.stage(i) for i in range(len(depths))],
                layers.GlobalAveragePooling2D(keepdims=True),
                Flatten(),
                layers.LayerNormalization(epsilon=1e-5),  # Keras's own is 1e-3
                layers.Dense(num_classes),
            ]
        )

    def stem(self):
        """Patches that do not overlap, each made a vector."""
        size = self.patch_size
        return keras.Sequential(
            [
                layers.Conv2D(self.channels[0], kernel_size=size, strides=size),
                LayerNorm2d(self.channels[0]),
            ]
        )

    def stage(self, i):
        """Blocks; all stages but the first halve the image's sides before them."""
        before = []
        if i > 0:
            before = [
                LayerNorm2d(self.channels[i - 1]),
                layers.Conv2D(self.channels[i], kernel_size=2, strides=2),
            ]
        blocks = [
            ConvNeXtBlock(self.channels[i], rate, layer_scale=self.layer_scale)
            for rate in self.drop_probs(i)
        ]
        return keras.Sequential([*before, *blocks])

    def drop_probs(self, i):
        """The probabilities by which the blocks of a stage are skipped."""
        first, last = sum(self.depths[:i]), max(1, sum(self.depths) - 1)
        rate = self.drop_path_rate
        return [rate * (first + j) / last for j in range(self.depths[i])]
