"""Arrays of any framework as NumPy arrays, without importing a framework."""

from typing import Any

import numpy as np


def to_numpy(array: Any) -> np.ndarray:
    """Return an array of any framework, a list or a number as a NumPy array.

    A list or tuple may hold arrays of a framework, as long as their shapes agree.
    The result may share its memory with `array`: copy it before changing it.
    """
    if isinstance(array, list | tuple):
        return np.asarray([to_numpy(item) for item in array])
    if hasattr(array, "asnumpy"):  # MXNet, which has a `detach` too.
        return array.asnumpy()
    if hasattr(array, "detach"):  # PyTorch: a tensor may have a gradient or a GPU.
        array = array.detach().cpu()
    return np.asarray(array)


def to_number(value: Any) -> float:
    """Return a number or a zero-dimensional array of any framework as a float."""
    # PyTorch warns when a tensor that has a gradient becomes a number.
    return float(value.detach() if hasattr(value, "detach") else value)
