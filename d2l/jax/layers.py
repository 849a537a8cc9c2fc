"""What several models build on."""

from __future__ import annotations

import math
from functools import partial

import jax
import jax.numpy as jnp
from flax import nnx

from .randomness import KEYS


def flatten(X):
    """Flatten X, (batch, ...), to (batch, features).

    Images, (batch, height, width, channels), channel by channel: in the order of the
    frameworks that keep channels before pixels, so that weights fit all of them.
    """
    if X.ndim == 4:
        X = X.transpose((0, 3, 1, 2))
    return X.reshape((X.shape[0], -1))


def rngs_or_default(rngs):
    """The given random streams, or new ones from a fresh key."""
    return nnx.Rngs(KEYS.next_key()) if rngs is None else rngs


def lecun_normal(key, shape, dtype=float):
    """Flax's default weights, (..., inputs, outputs): normal, of variance 1 / inputs.

    JAX compiles a program for every size that it draws, and that takes much longer
    than drawing: GoogLeNet has dozens of sizes. Here the sizes are powers of two.
    """
    num_weights, num_inputs = math.prod(shape), math.prod(shape[:-1])
    size = 1 << (num_weights - 1).bit_length()
    values = jax.random.truncated_normal(key, -2, 2, (size,), dtype)
    # The deviation of a standard normal number between -2 and 2.
    scale = math.sqrt(1 / num_inputs) / 0.87962566103423978
    return scale * values[:num_weights].reshape(shape)


def layer_settings(rngs):
    """What layers with weights are made with, as keyword arguments.

    rngs: streams of random keys, or None for new ones.
    """
    return {
        # Flax's own rules; PyTorch's, Keras' and MXNet's are all different ones.
        "kernel_init": lecun_normal,
        "bias_init": nnx.initializers.zeros,
        # The default precision, whichever that is: Flax's default is 32 bits.
        "param_dtype": float,
        "rngs": rngs_or_default(rngs),
    }


def norm_settings():
    """What normalisation layers are made with, as keyword arguments."""
    return {
        "epsilon": 1e-5,  # layer normalisation has 1e-6 by default
        # Flax's mean of squares less the square of the mean cancels: an error of
        # 4e-3 where the mean is 100 times the deviation, in 32 bits.
        "use_fast_variance": False,
        "param_dtype": float,
        "rngs": nnx.Rngs(0),  # for a draw that nothing depends on
    }


class UnbiasedBatchNorm(nnx.BatchNorm):
    """Batch normalisation that keeps an unbiased running variance, as PyTorch does.

    Flax divides the sum of squared deviations by the n of a batch, for the running
    variance too, where here it is n - 1. Also, its sums are more exact.
    """

    def __init__(self, num_features):
        # The share that the running statistics keep; Flax's default is 0.99.
        super().__init__(num_features, momentum=0.9, **norm_settings())
        # In 32 bits otherwise, whatever the default precision.
        self.mean = nnx.BatchStat(jnp.zeros(num_features))
        self.var = nnx.BatchStat(jnp.ones(num_features))

    def __call__(self, X, use_running_average=None):
        """Return the same shape.

        X: (..., num_features).
        """
        if use_running_average is None:
            use_running_average = self.use_running_average
        if use_running_average:
            return super().__call__(X, use_running_average)
        mean = _mean_of_channels(X)
        centred = X - mean
        var = _mean_of_channels(centred**2)
        n, kept = X.size // X.shape[-1], self.momentum
        self.mean[...] = kept * self.mean[...] + (1 - kept) * mean
        # A single value has no variance.
        unbiased = var * n / max(n - 1, 1)
        self.var[...] = kept * self.var[...] + (1 - kept) * unbiased
        scale = self.scale[...] * jax.lax.rsqrt(var + self.epsilon)
        return centred * scale + self.bias[...]


def _mean_of_channels(X):
    """Return (channels,).

    X: (..., channels).

    Axis by axis: a plain sum of 100,000 numbers is 1e-5 off in 32 bits.
    """
    while X.ndim > 1:
        X = X.mean(-2)
    return X


def max_pool(size, strides, padding=0):
    """The layer that takes the maximum of square windows."""
    return partial(
        nnx.max_pool,
        window_shape=(size, size),
        # Flax slides the window by one pixel unless strides are given.
        strides=(strides, strides),
        padding=((padding, padding), (padding, padding)),
    )


def global_avg_pool(X):
    """Return (batch, 1, 1, channels).

    X: (batch, height, width, channels).
    """
    return X.mean((1, 2), keepdims=True)


def flattened_size(layers, image_size, in_channels):
    """How many features a dense layer sees that follows `layers`, which flatten.

    image_size, in_channels: side and channels of the images.
    """
    image = jax.ShapeDtypeStruct((1, image_size, image_size, in_channels), float)
    # The shapes alone: nothing is computed.
    return jax.eval_shape(lambda X: nnx.Sequential(*layers)(X), image).shape[-1]


def windows(X, size):
    """All windows of `size` (h, w) in X, (height, width).

    returns: (h * w, rows, columns); the elements at [:, i, j] are those of the
    window whose upper left corner is X[i, j].
    """
    h, w = size
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    corners = [(i, j) for i in range(h) for j in range(w)]
    return jnp.stack([X[i : i + rows, j : j + columns] for i, j in corners])
