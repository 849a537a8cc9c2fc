"""Branches side by side: GoogLeNet (Szegedy et al., 2015)."""

import jax.numpy as jnp
from flax import nnx

from ..layers import (
    flatten,
    global_avg_pool,
    layer_settings,
    max_pool,
    rngs_or_default,
)
from ..linear_classification.classification import Classifier


class Inception(nnx.Module):
    """Four branches that see an image at different scales, their channels joined.

    c1: outputs of the 1 x 1 convolution.
    c2, c3: of the two convolutions before and in the 3 x 3 and the 5 x 5 branch.
    c4: of the branch that pools.
    in_channels: of the input.
    """

    def __init__(self, c1, c2, c3, c4, *, in_channels=1, rngs=None):
        settings = layer_settings(rngs)
        self.b1_1 = nnx.Conv(in_channels, c1, (1, 1), **settings)
        self.b2_1 = nnx.Conv(in_channels, c2[0], (1, 1), **settings)
        self.b2_2 = nnx.Conv(c2[0], c2[1], (3, 3), padding=1, **settings)
        self.b3_1 = nnx.Conv(in_channels, c3[0], (1, 1), **settings)
        self.b3_2 = nnx.Conv(c3[0], c3[1], (5, 5), padding=2, **settings)
        self.b4_1 = max_pool(3, strides=1, padding=1)
        self.b4_2 = nnx.Conv(in_channels, c4, (1, 1), **settings)

    def __call__(self, X):
        """Return the same with c1 + c2[1] + c3[1] + c4.

        X: (batch, h, w, channels).
        """
        b1 = nnx.relu(self.b1_1(X))
        b2 = nnx.relu(self.b2_2(nnx.relu(self.b2_1(X))))
        b3 = nnx.relu(self.b3_2(nnx.relu(self.b3_1(X))))
        b4 = nnx.relu(self.b4_2(self.b4_1(X)))
        return jnp.concatenate((b1, b2, b3, b4), axis=-1)


class GoogleNet(Classifier):
    """A stem and nine Inception blocks, in five parts, each of which halves the image.

    width: all published numbers of channels are multiplied by it.
    in_channels: of the images.
    """

    def __init__(self, lr=0.1, num_classes=10, *, width=1.0, in_channels=1, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        num_features = self.num_outputs(384, (192, 384), (48, 128), 128)
        self.net = nnx.Sequential(
            self.b1(rngs=rngs),
            self.b2(rngs=rngs),
            self.b3(rngs=rngs),
            self.b4(rngs=rngs),
            self.b5(rngs=rngs),
            nnx.Linear(num_features, num_classes, **layer_settings(rngs)),
        )

    def scaled(self, channels):
        """A number of channels, or a pair of them, times the width; at least one."""
        if isinstance(channels, tuple):
            return tuple(self.scaled(c) for c in channels)
        return max(1, int(self.width * channels))

    def num_outputs(self, c1, c2, c3, c4):
        """The channels of an Inception block of these published numbers, scaled."""
        return sum(map(self.scaled, (c1, c2[1], c3[1], c4)))

    def inceptions(self, in_channels, *blocks, rngs=None):
        """Inception blocks of the published numbers of channels, scaled."""
        layers = []
        for branches in blocks:
            widths = map(self.scaled, branches)
            layers.append(Inception(*widths, in_channels=in_channels, rngs=rngs))
            in_channels = self.num_outputs(*branches)
        return layers

    def b1(self, *, rngs=None):
        """A wide convolution."""
        settings = layer_settings(rngs) | {"strides": 2, "padding": 3}
        return nnx.Sequential(
            nnx.Conv(self.in_channels, self.scaled(64), (7, 7), **settings),
            nnx.relu,
            max_pool(3, strides=2, padding=1),
        )

    def b2(self, *, rngs=None):
        """A 1 x 1 and a 3 x 3 convolution."""
        settings = layer_settings(rngs)
        c1, c2 = self.scaled((64, 192))
        return nnx.Sequential(
            nnx.Conv(c1, c1, (1, 1), **settings),
            nnx.relu,
            nnx.Conv(c1, c2, (3, 3), padding=1, **settings),
            nnx.relu,
            max_pool(3, strides=2, padding=1),
        )

    def b3(self, *, rngs=None):
        """Two Inception blocks."""
        blocks = self.inceptions(
            self.scaled(192),
            (64, (96, 128), (16, 32), 32),
            (128, (128, 192), (32, 96), 64),
            rngs=rngs,
        )
        return nnx.Sequential(*blocks, max_pool(3, strides=2, padding=1))

    def b4(self, *, rngs=None):
        """Five Inception blocks."""
        blocks = self.inceptions(
            self.num_outputs(128, (128, 192), (32, 96), 64),
            (192, (96, 208), (16, 48), 64),
            (160, (112, 224), (24, 64), 64),
            (128, (128, 256), (24, 64), 64),
            (112, (144, 288), (32, 64), 64),
            (256, (160, 320), (32, 128), 128),
            rngs=rngs,
        )
        return nnx.Sequential(*blocks, max_pool(3, strides=2, padding=1))

    def b5(self, *, rngs=None):
        """Two Inception blocks, averaged over the image."""
        blocks = self.inceptions(
            self.num_outputs(256, (160, 320), (32, 128), 128),
            (256, (160, 320), (32, 128), 128),
            (384, (192, 384), (48, 128), 128),
            rngs=rngs,
        )
        return nnx.Sequential(*blocks, global_avg_pool, flatten)
