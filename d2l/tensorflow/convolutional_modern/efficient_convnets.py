"""Cheap convolutions: MobileNet (Howard et al., 2017), RepVGG (Ding et al., 2021)."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import (
    BatchNormalization,
    Block,
    Flatten,
    PaddedConv2D,
    PaddedDepthwiseConv2D,
)
from ..linear_classification.classification import Classifier


def dws_block(in_channels, out_channels, strides=1):
    """A `DWSBlock`."""
    return DWSBlock(in_channels, out_channels, strides)


class DWSBlock(Block):
    """A depthwise separable convolution: each channel by itself, then 1 x 1.

    strides: of the first of the two.
    """

    def __init__(self, in_channels, out_channels, strides=1):
        super().__init__()
        self.in_channels = in_channels
        # Without biases, which the normalisation would take away again.
        self.net = keras.Sequential(
            [
                PaddedDepthwiseConv2D(3, strides, pad=1, use_bias=False),
                BatchNormalization(),
                layers.ReLU(),
                layers.Conv2D(out_channels, kernel_size=1, use_bias=False),
                BatchNormalization(),
                layers.ReLU(),
            ]
        )

    def call(self, X):
        """Return (batch, h, w, out_channels).

        X: (batch, h, w, in_channels).
        """
        return self.net(X)


class MiniMobileNet(Classifier):
    """A convolution, depthwise separable ones, and an average over the image.

    stem_channels: outputs of the first convolution.
    arch: for each further one the number of outputs and the strides.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        stem_channels=32,
        arch=((64, 1), (128, 2), (128, 1), (256, 2), (256, 1)),
    ):
        super().__init__()
        self.save_hyperparameters()
        widths = [stem_channels, *[channels for channels, _ in arch]]
        self.net = keras.Sequential(
            [
                PaddedConv2D(stem_channels, 3, strides=2, pad=1, use_bias=False),
                BatchNormalization(),
                layers.ReLU(),
                *[
                    dws_block(width, channels, strides)
                    for width, (channels, strides) in zip(
                        widths[:-1], arch, strict=True
                    )
                ],
                layers.GlobalAveragePooling2D(keepdims=True),
                Flatten(),
                layers.Dense(num_classes),
            ]
        )


class RepVGGBlock(Block):
    """The sum of a 3 x 3 and a 1 x 1 convolution, and of the input where it fits.

    Each term is normalised by itself. After training, `fuse_block` makes a single
    convolution of all of them.
    """

    def __init__(self, in_channels, out_channels, strides=1):
        super().__init__()
        self.conv1 = PaddedConv2D(out_channels, 3, strides, pad=1, use_bias=False)
        self.conv2 = layers.Conv2D(out_channels, 1, strides, use_bias=False)
        self.bn1 = BatchNormalization()
        self.bn2 = BatchNormalization()
        self.bn3 = None
        if in_channels == out_channels and strides == 1:
            self.bn3 = BatchNormalization()

    def call(self, X):
        """Return (batch, h, w, out_channels).

        X: (batch, h, w, in_channels).
        """
        Y = self.bn1(self.conv1(X)) + self.bn2(self.conv2(X))
        if self.bn3 is not None:
            Y = Y + self.bn3(X)
        return tf.nn.relu(Y)


def fuse_bn(conv, bn):
    """Weight and bias of the one convolution that equals `conv` and then `bn`.

    With the running statistics of `bn`: as the two are in evaluation mode.
    """
    return _fuse(conv.kernel, conv.bias if conv.use_bias else 0, bn)


def _fuse(kernel, bias, bn):
    scale = bn.gamma / tf.sqrt(bn.moving_variance + bn.epsilon)
    return kernel * scale, bn.beta + (bias - bn.moving_mean) * scale


def fuse_block(block):
    """One convolution and its activation that equal a `RepVGGBlock` in evaluation."""
    _, _, in_channels, out_channels = block.conv1.kernel.shape
    weight, bias = fuse_bn(block.conv1, block.bn1)
    pixels = [fuse_bn(block.conv2, block.bn2)]
    if block.bn3 is not None:
        identity = tf.eye(in_channels, dtype=weight.dtype)[tf.newaxis, tf.newaxis]
        pixels.append(_fuse(identity, 0, block.bn3))
    for pixel, shift in pixels:
        # A 1 x 1 kernel is a 3 x 3 kernel with zeros around.
        around = [(1, 1), (1, 1), (0, 0), (0, 0)]
        weight, bias = weight + tf.pad(pixel, around), bias + shift
    fused = PaddedConv2D(out_channels, 3, block.conv1.strides, pad=1)
    fused.build((None, None, None, in_channels))
    fused.kernel.assign(weight)
    fused.bias.assign(bias)
    return keras.Sequential([fused, layers.ReLU()])
