"""Densely connected networks: DenseNet (Huang et al., 2017)."""

from functools import partial

import jax.numpy as jnp
from flax import nnx

from ..layers import (
    UnbiasedBatchNorm,
    flatten,
    global_avg_pool,
    layer_settings,
    max_pool,
    rngs_or_default,
)
from ..linear_classification.classification import Classifier


def conv_block(num_channels, *, in_channels=1, rngs=None):
    """A `ConvBlock`."""
    return ConvBlock(num_channels, in_channels=in_channels, rngs=rngs)


class ConvBlock(nnx.Module):
    """Normalisation, activation and a convolution, in this order."""

    def __init__(self, num_channels, *, in_channels=1, rngs=None):
        settings = layer_settings(rngs)
        self.net = nnx.Sequential(
            UnbiasedBatchNorm(in_channels),
            nnx.relu,
            nnx.Conv(in_channels, num_channels, (3, 3), padding=1, **settings),
        )

    def __call__(self, X):
        """Return (batch, h, w, num_channels).

        X: (batch, h, w, channels).
        """
        return self.net(X)


class DenseBlock(nnx.Module):
    """Convolutional blocks, each of which sees the outputs of all before it.

    num_convs: how many.
    num_channels: what each adds.
    in_channels: of the input.
    """

    def __init__(self, num_convs, num_channels, *, in_channels=1, rngs=None):
        rngs = rngs_or_default(rngs)
        widths = [in_channels + i * num_channels for i in range(num_convs)]
        self.num_outputs = in_channels + num_convs * num_channels
        self.net = nnx.Sequential(
            *[conv_block(num_channels, in_channels=c, rngs=rngs) for c in widths]
        )

    def __call__(self, X):
        """Return (batch, h, w, c + num_convs * num_channels).

        X: (batch, h, w, c).
        """
        for block in self.net.layers:
            X = jnp.concatenate((X, block(X)), axis=-1)
        return X


def transition_block(num_channels, *, in_channels=1, rngs=None):
    """A `TransitionBlock`."""
    return TransitionBlock(num_channels, in_channels=in_channels, rngs=rngs)


class TransitionBlock(nnx.Module):
    """Fewer channels by a 1 x 1 convolution, and half the image's sides by pooling."""

    def __init__(self, num_channels, *, in_channels=1, rngs=None):
        self.net = nnx.Sequential(
            UnbiasedBatchNorm(in_channels),
            nnx.relu,
            nnx.Conv(in_channels, num_channels, (1, 1), **layer_settings(rngs)),
            # Flax slides the window by one pixel unless strides are given.
            partial(nnx.avg_pool, window_shape=(2, 2), strides=(2, 2)),
        )

    def __call__(self, X):
        """Return (batch, h / 2, w / 2, num_channels).

        X: (batch, h, w, channels).
        """
        return self.net(X)


class DenseNet(Classifier):
    """A wide convolution and dense blocks, with a transition between any two.

    num_channels: of the first convolution.
    growth_rate: what a convolutional block adds.
    arch: the number of convolutional blocks in each dense block.
    in_channels: of the images.
    """

    def __init__(
        self,
        num_channels=64,
        growth_rate=32,
        arch=(4, 4, 4, 4),
        lr=0.1,
        num_classes=10,
        *,
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        layers = self.blocks(rngs=rngs)
        num_features = layers[-1].num_outputs
        self.net = nnx.Sequential(
            self.b1(rngs=rngs),
            *layers,
            UnbiasedBatchNorm(num_features),
            nnx.relu,
            global_avg_pool,
            flatten,
            nnx.Linear(num_features, num_classes, **layer_settings(rngs)),
        )

    def b1(self, *, rngs=None):
        """The stem, which quarters the image's sides."""
        settings = layer_settings(rngs) | {"strides": 2, "padding": 3}
        return nnx.Sequential(
            nnx.Conv(self.in_channels, self.num_channels, (7, 7), **settings),
            UnbiasedBatchNorm(self.num_channels),
            nnx.relu,
            max_pool(3, strides=2, padding=1),
        )

    def blocks(self, *, rngs=None):
        """Dense blocks, and transitions that halve the channels in between."""
        rngs = rngs_or_default(rngs)
        channels, layers = self.num_channels, []
        for i, num_convs in enumerate(self.arch):
            settings = {"in_channels": channels, "rngs": rngs}
            if i > 0:
                channels //= 2
                layers.append(transition_block(channels, **settings))
                settings["in_channels"] = channels
            layers.append(DenseBlock(num_convs, self.growth_rate, **settings))
            channels = layers[-1].num_outputs
        return layers
