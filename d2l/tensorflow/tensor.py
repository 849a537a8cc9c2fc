"""The tensor vocabulary: the book's names for what every framework can do.

TensorFlow's own functions make float32 of every Python number; these follow
`keras.config.floatx()`, the default precision.
"""

from __future__ import annotations

import functools
import random

import keras
import numpy as np
import tensorflow as tf

from .randomness import source

nn_Module = keras.Model

float32 = tf.float32
int32 = tf.int32
int64 = tf.int64

ones_like = tf.ones_like
zeros_like = tf.zeros_like
batch_matmul = tf.matmul
stack = tf.stack
reduce_sum = tf.reduce_sum
reduce_mean = tf.reduce_mean
astype = tf.cast
expand_dims = tf.expand_dims
repeat = tf.repeat
transpose = tf.transpose
swapaxes = keras.ops.swapaxes


def _float_type(dtype=None):
    return keras.config.floatx() if dtype is None else dtype


def _shape_and_dtype(size, dtype):
    """Both `ones((2, 3), dtype)` and `ones(2, 3)` are understood."""
    if isinstance(size[0], int):
        return size, _float_type(dtype)
    shape, *given = size
    return shape, _float_type(given[0] if given else dtype)


def tensor(value, dtype=None, **kwargs):
    """A constant; Python floats become floats of the default precision."""
    if dtype is None and any(isinstance(x, float) for x in tf.nest.flatten(value)):
        dtype = _float_type()
    return tf.constant(value, dtype=dtype, **kwargs)


def ones(*size, dtype=None):
    """A tensor full of ones."""
    return tf.ones(*_shape_and_dtype(size, dtype))


def zeros(*size, dtype=None):
    """A tensor full of zeros."""
    return tf.zeros(*_shape_and_dtype(size, dtype))


def arange(*limits, dtype=None, **kwargs):
    """Numbers from a start (0) to before an end, in steps (of 1)."""
    is_float = any(isinstance(limit, float) for limit in limits)
    if dtype is None and is_float:
        dtype = _float_type()
    return tf.range(*limits, dtype=dtype, **kwargs)


def linspace(start, stop, num, **kwargs):
    """`num` equally far numbers, from `start` to `stop` inclusive."""
    start, stop = (tf.cast(tensor(x), _float_type()) for x in (start, stop))
    return tf.linspace(start, stop, num, **kwargs)


def eye(num_rows, num_columns=None, dtype=None):
    """The identity matrix."""
    return tf.eye(num_rows, num_columns, dtype=_float_type(dtype))


def rand(*size, dtype=None, **kwargs):
    """Random numbers, uniform in [0, 1)."""
    shape, dtype = _shape_and_dtype(size, dtype)
    return source().uniform(shape, dtype=dtype, **kwargs)


def randn(*size, dtype=None, **kwargs):
    """Random numbers, standard normal."""
    shape, dtype = _shape_and_dtype(size, dtype)
    return source().normal(shape, dtype=dtype, **kwargs)


def normal(*args, **kwargs):
    """Normal random numbers: `normal(mean, std, shape)`, or as in TensorFlow.

    TensorFlow's own order is `normal(shape, mean=0, stddev=1)`.
    """
    kwargs["dtype"] = _float_type(kwargs.get("dtype"))
    if len(args) == 3 and np.ndim(args[0]) == 0:
        mean, std, shape = args
        return source().normal(shape, mean, std, **kwargs)
    return source().normal(*args, **kwargs)


def _elementwise(function):
    """Integers count as floats of the default precision."""

    @functools.wraps(function, updated=())
    def apply(x):
        x = tensor(x) if not tf.is_tensor(x) else x
        return function(x if x.dtype.is_floating else tf.cast(x, _float_type()))

    return apply


abs = tf.abs
exp = _elementwise(tf.exp)
log = _elementwise(tf.math.log)
sin = _elementwise(tf.sin)
cos = _elementwise(tf.cos)
sinh = _elementwise(tf.sinh)
cosh = _elementwise(tf.cosh)
tanh = _elementwise(tf.tanh)
sigmoid = _elementwise(tf.sigmoid)


def matmul(x, y):
    """The product of matrices; a vector counts as a row before, a column after."""
    x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    if x.shape.rank == 1 or y.shape.rank == 1:
        return tf.tensordot(x, y, axes=[[-1], [0 if y.shape.rank == 1 else -2]])
    return tf.matmul(x, y)


def concat(values, axis=0):
    """Tensors joined along an axis that they have."""
    return tf.concat(values, axis)


def meshgrid(*tensors):
    """Coordinates of a grid, the first tensor along the first axis."""
    # TensorFlow's default, "xy", would put it along the second.
    return tf.meshgrid(*tensors, indexing="ij")


def numpy(x, *args):
    """A tensor's values as a NumPy array."""
    return x.numpy(*args)


def size(x):
    """The number of elements."""
    return int(np.prod(x.shape))


def reshape(x, *shape):
    """The same elements in another shape."""
    return tf.reshape(x, shape[0] if len(shape) == 1 else shape)


def to(x, device):
    """The tensor on another device, such as `try_gpu()` or "GPU:0"."""
    with tf.device(device) if isinstance(device, str) else device:
        return tf.identity(x)


def argmax(x, axis=None):
    """The index of the largest element, or of the largest along an axis."""
    # Without an axis TensorFlow would take the first, and not all elements.
    return tf.argmax(tf.reshape(x, [-1]) if axis is None else x, axis or 0)


def get_seed():
    """A fresh seed: an integer below one million."""
    return random.randint(0, 10**6)


def get_key():
    """What a random function is seeded with: in TensorFlow, an integer."""
    return get_seed()
