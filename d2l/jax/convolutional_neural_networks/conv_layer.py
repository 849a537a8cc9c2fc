"""Cross-correlation in two dimensions and a layer made of it."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import rngs_or_default, windows


def corr2d(X, K):
    """The cross-correlation of X, (height, width), with the kernel K."""
    K = jnp.asarray(K)
    return (windows(X, K.shape) * K.reshape((-1, 1, 1))).sum(0)


class Conv2D(nnx.Module):
    """A convolution of one channel: cross-correlation plus a bias."""

    def __init__(self, kernel_size, *, rngs=None):
        key = rngs_or_default(rngs).params()
        self.weight = nnx.Param(jax.random.uniform(key, kernel_size))
        self.bias = nnx.Param(jnp.zeros(1))

    def __call__(self, X):
        """Return (height - h + 1, width - w + 1).

        X: (height, width).
        """
        return corr2d(X, self.weight[...]) + self.bias[...]
