"""What several models build on."""

from __future__ import annotations

import jax.numpy as jnp
from flax import nnx

from .randomness import KEYS


def flatten(X):
    """X: (batch, ...); returns (batch, features)."""
    return X.reshape((X.shape[0], -1))


def rngs_or_default(rngs):
    """The given random streams, or new ones from a fresh key."""
    return nnx.Rngs(KEYS.next_key()) if rngs is None else rngs


def layer_settings(rngs):
    """What layers with weights are made with, as keyword arguments.

    rngs: streams of random keys, or None for new ones.
    """
    return {
        # Flax's own rules; PyTorch's, Keras' and MXNet's are all different ones.
        "kernel_init": nnx.initializers.lecun_normal(),
        "bias_init": nnx.initializers.zeros,
        # The default precision, whichever that is: Flax's default is 32 bits.
        "param_dtype": float,
        "rngs": rngs_or_default(rngs),
    }


def windows(X, size):
    """All windows of `size` (h, w) in X, (height, width).

    returns: (h * w, rows, columns); the elements at [:, i, j] are those of the
    window whose upper left corner is X[i, j].
    """
    h, w = size
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    corners = [(i, j) for i in range(h) for j in range(w)]
    return jnp.stack([X[i : i + rows, j : j + columns] for i, j in corners])
