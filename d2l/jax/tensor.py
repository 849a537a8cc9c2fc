"""The tensor vocabulary: the book's names for what every framework can do."""

from __future__ import annotations

import random

import jax
import jax.numpy as jnp
import numpy as np

from .randomness import KEYS


def __getattr__(name):
    # Flax takes longer to import than JAX: only when a reader builds on it.
    if name == "nn_Module":
        from flax import nnx

        return nnx.Module
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


float32 = jnp.float32
int32 = jnp.int32
int64 = jnp.int64

ones = jnp.ones
ones_like = jnp.ones_like
zeros = jnp.zeros
zeros_like = jnp.zeros_like
tensor = jnp.array
arange = jnp.arange
linspace = jnp.linspace
eye = jnp.eye

abs = jnp.abs
exp = jnp.exp
log = jnp.log
sin = jnp.sin
cos = jnp.cos
sinh = jnp.sinh
cosh = jnp.cosh
tanh = jnp.tanh
sigmoid = jax.nn.sigmoid
matmul = jnp.matmul
batch_matmul = jnp.matmul
stack = jnp.stack
concat = jnp.concatenate
expand_dims = jnp.expand_dims
numpy = np.asarray
to = jax.device_put


def rand(*shape):
    """Numbers uniform in [0, 1); the shape in one tuple or in several numbers."""
    return jax.random.uniform(get_key(), _one_tuple(shape))


def randn(*shape):
    """Standard normal numbers; the shape in one tuple or in several numbers."""
    return jax.random.normal(get_key(), _one_tuple(shape))


def normal(mean=0.0, std=1.0, shape=None):
    """Normal numbers; without a shape, one for each pair of a mean and a std."""
    if shape is None:
        shape = jnp.broadcast_shapes(jnp.shape(mean), jnp.shape(std))
    return mean + std * jax.random.normal(get_key(), _one_tuple((shape,)))


def _one_tuple(shape):
    if len(shape) == 1 and not isinstance(shape[0], int):
        return tuple(shape[0])
    return shape


def meshgrid(*tensors, indexing="ij"):
    """Coordinates of a grid, the first tensor along the first axis."""
    # Written out: JAX, like NumPy, puts the first tensor along the second axis.
    return jnp.meshgrid(*tensors, indexing=indexing)


def size(x):
    """The number of elements."""
    return int(x.size)


def reshape(x, *args, **kwargs):
    """The same elements in another shape."""
    return x.reshape(*args, **kwargs)


def reduce_sum(x, *args, **kwargs):
    """The sum of all elements, or along an axis."""
    return x.sum(*args, **kwargs)


def reduce_mean(x, *args, **kwargs):
    """The mean of all elements, or along an axis."""
    return x.mean(*args, **kwargs)


def argmax(x, *args, **kwargs):
    """The index of the largest element, or of the largest along an axis."""
    return x.argmax(*args, **kwargs)


def astype(x, *args, **kwargs):
    """The tensor in another data type."""
    return x.astype(*args, **kwargs)


def transpose(x):
    """The transpose of a matrix."""
    return x.T


def swapaxes(x, *args, **kwargs):
    """The tensor with two axes exchanged."""
    return x.swapaxes(*args, **kwargs)


def repeat(x, repeats, axis=None):
    """Every element `repeats` times in a row; without an axis, of all elements."""
    return jnp.repeat(x, repeats, axis=axis)


def get_seed():
    """A fresh seed: an integer below one million."""
    return random.randint(0, 10**6)


def get_key():
    """What a random function is seeded with: in JAX, a fresh key."""
    return KEYS.next_key()
