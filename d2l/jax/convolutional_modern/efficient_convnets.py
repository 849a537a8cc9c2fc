"""Cheap convolutions: MobileNet (Howard et al., 2017), RepVGG (Ding et al., 2021)."""

import jax.numpy as jnp
from flax import nnx

from ..layers import (
    UnbiasedBatchNorm,
    flatten,
    global_avg_pool,
    layer_settings,
    rngs_or_default,
)
from ..linear_classification.classification import Classifier


def dws_block(in_channels, out_channels, strides=1, *, rngs=None):
    """A `DWSBlock`."""
    return DWSBlock(in_channels, out_channels, strides, rngs=rngs)


class DWSBlock(nnx.Module):
    """A depthwise separable convolution: each channel by itself, then 1 x 1.

    strides: of the first of the two.
    """

    def __init__(self, in_channels, out_channels, strides=1, *, rngs=None):
        c0, c1 = in_channels, out_channels
        # Without biases, which the normalisation would take away again.
        settings = layer_settings(rngs) | {"use_bias": False}
        depthwise = {"feature_group_count": c0, "padding": 1} | settings
        self.net = nnx.Sequential(
            nnx.Conv(c0, c0, (3, 3), strides, **depthwise),
            UnbiasedBatchNorm(c0),
            nnx.relu,
            nnx.Conv(c0, c1, (1, 1), **settings),
            UnbiasedBatchNorm(c1),
            nnx.relu,
        )

    def __call__(self, X):
        """Return (batch, h, w, out_channels).

        X: (batch, h, w, in_channels).
        """
        return self.net(X)


class MiniMobileNet(Classifier):
    """A convolution, depthwise separable ones, and an average over the image.

    stem_channels: outputs of the first convolution.
    arch: for each further one the number of outputs and the strides.
    in_channels: of the images.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        stem_channels=32,
        arch=((64, 1), (128, 2), (128, 1), (256, 2), (256, 1)),
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        settings = layer_settings(rngs)
        stem = {"strides": 2, "padding": 1, "use_bias": False} | settings
        widths = [stem_channels, *[channels for channels, _ in arch]]
        self.net = nnx.Sequential(
            nnx.Conv(in_channels, stem_channels, (3, 3), **stem),
            UnbiasedBatchNorm(stem_channels),
            nnx.relu,
            *[
                dws_block(width, channels, strides, rngs=rngs)
                for width, (channels, strides) in zip(widths[:-1], arch, strict=True)
            ],
            global_avg_pool,
            flatten,
            nnx.Linear(widths[-1], num_classes, **settings),
        )


class RepVGGBlock(nnx.Module):
    """The sum of a 3 x 3 and a 1 x 1 convolution, and of the input where it fits.

    Each term is normalised by itself. After training, `fuse_block` makes a single
    convolution of all of them.
    """

    def __init__(self, in_channels, out_channels, strides=1, *, rngs=None):
        c0, c1 = in_channels, out_channels
        settings = layer_settings(rngs) | {"strides": strides, "use_bias": False}
        self.conv1 = nnx.Conv(c0, c1, (3, 3), padding=1, **settings)
        self.conv2 = nnx.Conv(c0, c1, (1, 1), **settings)
        self.bn1 = UnbiasedBatchNorm(c1)
        self.bn2 = UnbiasedBatchNorm(c1)
        if in_channels == out_channels and strides == 1:
            self.bn3 = UnbiasedBatchNorm(c0)
        else:
            self.bn3 = None

    def __call__(self, X):
        """Return (batch, h, w, out_channels).

        X: (batch, h, w, in_channels).
        """
        Y = self.bn1(self.conv1(X)) + self.bn2(self.conv2(X))
        if self.bn3 is not None:
            Y = Y + self.bn3(X)
        return nnx.relu(Y)


def fuse_bn(conv, bn):
    """Weight and bias of the one convolution that equals `conv` and then `bn`.

    With the running statistics of `bn`: as the two are in evaluation mode. The
    weight is laid out as in `conv`: (h, w, inputs, outputs).
    """
    scale = bn.scale[...] / jnp.sqrt(bn.var[...] + bn.epsilon)
    bias = conv.bias[...] if conv.use_bias else 0
    return conv.kernel[...] * scale, bn.bias[...] + (bias - bn.mean[...]) * scale


def fuse_block(block):
    """One convolution and its activation that equal a `RepVGGBlock` in evaluation."""
    conv, settings = block.conv1, layer_settings(None)
    channels, outputs = conv.in_features, conv.out_features
    fused = nnx.Conv(channels, outputs, (3, 3), conv.strides, padding=1, **settings)
    weight, bias = fuse_bn(block.conv1, block.bn1)
    pixels = [fuse_bn(block.conv2, block.bn2)]
    if block.bn3 is not None:
        identity = nnx.Conv(channels, channels, (1, 1), use_bias=False, **settings)
        identity.kernel[...] = jnp.eye(channels)[None, None]
        pixels.append(fuse_bn(identity, block.bn3))
    for pixel, shift in pixels:
        # A 1 x 1 kernel is a 3 x 3 kernel with zeros around.
        around = ((1, 1), (1, 1), (0, 0), (0, 0))
        weight, bias = weight + jnp.pad(pixel, around), bias + shift
    fused.kernel[...], fused.bias[...] = weight, bias
    return nnx.Sequential(fused, nnx.relu)
