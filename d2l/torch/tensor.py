"""The tensor vocabulary: the book's names for what every framework can do."""

from __future__ import annotations

import random

import torch

nn_Module = torch.nn.Module

float32 = torch.float32
int32 = torch.int32
int64 = torch.int64

ones = torch.ones
ones_like = torch.ones_like
zeros = torch.zeros
zeros_like = torch.zeros_like
tensor = torch.tensor
arange = torch.arange
linspace = torch.linspace
eye = torch.eye
rand = torch.rand
randn = torch.randn
normal = torch.normal

abs = torch.abs
exp = torch.exp
log = torch.log
sin = torch.sin
cos = torch.cos
sinh = torch.sinh
cosh = torch.cosh
tanh = torch.tanh
sigmoid = torch.sigmoid
matmul = torch.matmul
batch_matmul = torch.bmm
stack = torch.stack
concat = torch.cat


def meshgrid(*tensors):
    """Coordinates of a grid, the first tensor along the first axis."""
    return torch.meshgrid(*tensors, indexing="ij")


def numpy(x, *args, **kwargs):
    """A tensor's values as a NumPy array."""
    return x.detach().cpu().numpy(*args, **kwargs)


def size(x):
    """The number of elements."""
    return x.numel()


def reshape(x, *args, **kwargs):
    """The same elements in another shape."""
    return x.reshape(*args, **kwargs)


def to(x, *args, **kwargs):
    """The tensor on another device."""
    return x.to(*args, **kwargs)


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
    return x.type(*args, **kwargs)


def transpose(x):
    """The transpose of a matrix."""
    return x.t()


def swapaxes(x, *args, **kwargs):
    """The tensor with two axes exchanged."""
    return x.swapaxes(*args, **kwargs)


def expand_dims(x, *args, **kwargs):
    """The tensor with a new axis of length one."""
    return x.unsqueeze(*args, **kwargs)


def repeat(x, repeats, axis=None):
    """Every element `repeats` times in a row; without an axis, of all elements."""
    return torch.repeat_interleave(x, repeats, dim=axis)


def get_seed():
    """A fresh seed: an integer below one million."""
    return random.randint(0, 10**6)


def get_key():
    """What a random function is seeded with: in PyTorch, an integer."""
    return get_seed()
