"""ConvNeXt (Liu et al., 2022), and stochastic depth (Huang et al., 2016)."""

import jax.numpy as jnp
from flax import nnx

from ..layers import (
    flatten,
    global_avg_pool,
    layer_settings,
    norm_settings,
    rngs_or_default,
)
from ..linear_classification.classification import Classifier
from ..randomness import uniform


class LayerNorm2d(nnx.LayerNorm):
    """Layer normalisation (Ba et al., 2016) of the channels at every position.

    X: (batch, h, w, num_channels).

    returns: the same shape. The channels are last here, as the features of any other
        layer normalisation.
    """

    features_last = True

    def __init__(self, num_channels):
        super().__init__(num_channels, **norm_settings())


def drop_path(X, drop_prob, training=True, *, key=None):
    """Set each example to 0 with probability `drop_prob`; scale the others up.

    X: (batch, ...); unchanged unless `training`.
    key: decides which; without one, a fresh key does. A compiled function must be given
        a key, or it keeps the one of the time when it was compiled.
    """
    if not 0 <= drop_prob < 1:
        raise ValueError(f"drop_prob must lie in [0, 1), not {drop_prob}")
    if not training or drop_prob == 0:
        return X
    keep = (uniform(X.shape[:1], key) > drop_prob).astype(X.dtype)
    return keep.reshape([-1] + [1] * (X.ndim - 1)) * X / (1.0 - drop_prob)


class ConvNeXtBlock(nnx.Module):
    """A 7 x 7 convolution of each channel, then a small network at every position.

    drop_prob: how often an example skips the block in training.
    layer_scale: the factor that each channel of the branch starts with.
    """

    features_last = True

    def __init__(self, num_channels, drop_prob=0.0, *, layer_scale=1e-6, rngs=None):
        self.drop_prob = drop_prob
        self.rngs = rngs_or_default(rngs)
        self.deterministic = False  # train() and eval() set it, as in nnx.Dropout
        c, settings = num_channels, layer_settings(self.rngs)
        depthwise = {"feature_group_count": c, "padding": 3} | settings
        self.dwconv = nnx.Conv(c, c, (7, 7), **depthwise)
        self.norm = LayerNorm2d(c)
        self.pwconv1 = nnx.Conv(c, 4 * c, (1, 1), **settings)
        self.pwconv2 = nnx.Conv(4 * c, c, (1, 1), **settings)
        self.gamma = nnx.Param(jnp.full(c, layer_scale, float))

    def __call__(self, X):
        """Return the same shape.

        X: (batch, h, w, num_channels).
        """
        Y = self.pwconv1(self.norm(self.dwconv(X)))
        # The exact function: Flax's default is its approximation by tanh.
        Y = self.gamma[...] * self.pwconv2(nnx.gelu(Y, approximate=False))
        key = None if self.deterministic else self.rngs.dropout()
        return X + drop_path(Y, self.drop_prob, not self.deterministic, key=key)


class ConvNeXt(Classifier):
    """A stem that cuts the image into patches, and stages of ConvNeXt blocks.

    depths, channels: for each stage the number of its blocks and of their channels.
    patch_size: side of a patch.
    drop_path_rate: `drop_prob` of the last block, to which it grows from 0.
    layer_scale: as in `ConvNeXtBlock`.
    in_channels: of the images.
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
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        self.net = nnx.Sequential(
            self.stem(rngs=rngs),
            *[self.stage(i, rngs=rngs) for i in range(len(depths))],
            global_avg_pool,
            flatten,
            nnx.LayerNorm(channels[-1], **norm_settings()),
            nnx.Linear(channels[-1], num_classes, **layer_settings(rngs)),
        )

    def stem(self, *, rngs=None):
        """Patches that do not overlap, each made a vector."""
        size, channels = self.patch_size, self.channels[0]
        # Flax would pad an image that is no multiple of the patches.
        settings = layer_settings(rngs) | {"strides": size, "padding": "VALID"}
        return nnx.Sequential(
            nnx.Conv(self.in_channels, channels, (size, size), **settings),
            LayerNorm2d(channels),
        )

    def stage(self, i, *, rngs=None):
        """Blocks; all stages but the first halve the image's sides before them."""
        rngs = rngs_or_default(rngs)
        before = []
        if i > 0:
            c0, c1 = self.channels[i - 1 : i + 1]
            settings = layer_settings(rngs) | {"strides": 2, "padding": "VALID"}
            before = [LayerNorm2d(c0), nnx.Conv(c0, c1, (2, 2), **settings)]
        settings = {"layer_scale": self.layer_scale, "rngs": rngs}
        blocks = [
            ConvNeXtBlock(self.channels[i], rate, **settings)
            for rate in self.drop_probs(i)
        ]
        return nnx.Sequential(*before, *blocks)

    def drop_probs(self, i):
        """The probabilities by which the blocks of a stage are skipped."""
        first, last = sum(self.depths[:i]), max(1, sum(self.depths) - 1)
        rate = self.drop_path_rate
        return [rate * (first + j) / last for j in range(self.depths[i])]
