"""The tensor vocabulary: the book's names for what every framework can do."""

from __future__ import annotations

import random

import numpy as onp
from mxnet import gluon, np, npx

from .precision import default_dtype

nn_Module = gluon.nn.Block

float32 = np.float32
int32 = np.int32
int64 = np.int64

ones_like = np.ones_like
zeros_like = np.zeros_like

abs = np.abs
exp = np.exp
log = np.log
sin = np.sin
cos = np.cos
sinh = np.sinh
cosh = np.cosh
tanh = np.tanh
sigmoid = npx.sigmoid
matmul = np.matmul
batch_matmul = npx.batch_dot
stack = np.stack
concat = np.concatenate
expand_dims = np.expand_dims
repeat = np.repeat


def tensor(data, dtype=None, **kwargs):
    """An array of the numbers in `data`; floats in the default precision."""
    if dtype is None and not isinstance(data, (np.ndarray, onp.ndarray)):
        is_list_of_arrays = isinstance(data, (list, tuple)) and any(
            isinstance(item, np.ndarray) for item in data
        )
        if is_list_of_arrays:
            return np.array(data, **kwargs)
        dtype = _default_for(onp.asarray(data).dtype)
    return np.array(data, dtype=dtype, **kwargs)


def _default_for(dtype):
    return default_dtype() if onp.issubdtype(dtype, onp.floating) else dtype


def ones(shape, dtype=None, **kwargs):
    """An array of ones."""
    return np.ones(shape, dtype=dtype or default_dtype(), **kwargs)


def zeros(shape, dtype=None, **kwargs):
    """An array of zeros."""
    return np.zeros(shape, dtype=dtype or default_dtype(), **kwargs)


def arange(start, stop=None, step=1, dtype=None, **kwargs):
    """Numbers from `start` (or 0) to before `stop`; whole ones are int64."""
    # MXNet itself makes float32 even of whole numbers.
    numbers = [n for n in (start, stop, step) if n is not None]
    dtype = dtype or _default_for(onp.result_type(*map(type, numbers)))
    return np.arange(start, stop, step, dtype=dtype, **kwargs)


def linspace(start, stop, num=50, dtype=None, **kwargs):
    """`num` numbers at equal distances, both ends included."""
    return np.linspace(start, stop, num, dtype=dtype or default_dtype(), **kwargs)


def eye(N, M=None, dtype=None, **kwargs):
    """A matrix with ones on its diagonal."""
    return np.eye(N, M, dtype=dtype or default_dtype(), **kwargs)


def rand(*shape):
    """Numbers uniform in [0, 1): `rand(2, 3)` or `rand((2, 3))`."""
    return np.random.uniform(0, 1, _as_shape(shape), dtype=default_dtype())


def randn(*shape):
    """Standard normal numbers: `randn(2, 3)` or `randn((2, 3))`."""
    return np.random.normal(0, 1, _as_shape(shape), dtype=default_dtype())


def _as_shape(shape):
    return shape[0] if shape and isinstance(shape[0], (tuple, list)) else shape


def normal(loc=0.0, scale=1.0, size=None, dtype=None, **kwargs):
    """Normal numbers of mean `loc` and standard deviation `scale`."""
    dtype = dtype or default_dtype()
    return np.random.normal(loc, scale, size, dtype=dtype, **kwargs)


def meshgrid(*tensors):
    """Coordinates of a grid, the first tensor along the first axis."""
    return np.meshgrid(*tensors, indexing="ij")


def numpy(x):
    """A tensor's values as a NumPy array."""
    return x.asnumpy()


def size(x):
    """The number of elements."""
    return x.size


def reshape(x, *args, **kwargs):
    """The same elements in another shape."""
    return x.reshape(*args, **kwargs)


def to(x, device):
    """The tensor on another device."""
    return x.as_in_ctx(device)


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


def swapaxes(x, axis1, axis2):
    """The tensor with two axes exchanged."""
    return x.swapaxes(axis1, axis2)


def get_seed():
    """A fresh seed: an integer below one million."""
    return random.randint(0, 10**6)


def get_key():
    """What a random function is seeded with: in MXNet, an integer."""
    return get_seed()
