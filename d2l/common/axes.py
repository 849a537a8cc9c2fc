"""The axes of arrays that cross between frameworks: declared, never guessed.

A declaration names an array's axes in PyTorch's order, such as "n c h w" for images,
and `c` is the one that matters: the channels, which TensorFlow and JAX keep last. What
is not declared has the same axes in all frameworks, however many they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy as np

from d2l.common.errors import InputError

#: By the path of an array in its tree, or a pattern of paths.
Axes = Mapping[str, str]

CHANNELS = "c"
IMAGES = "n c h w"


def axes_of(declared: Axes, path: str) -> str | None:
    """The declaration of the array at `path`, if there is one."""
    found = (axes for key, axes in declared.items() if fnmatchcase(path, key))
    return next(found, None)


def move_channels_last(array: np.ndarray, axes: str | None) -> np.ndarray:
    """A canonical array as frameworks have it that keep channels last."""
    position = _channel_position(array, axes)
    return array if position is None else np.moveaxis(array, position, -1)


def move_channels_back(array: np.ndarray, axes: str | None) -> np.ndarray:
    """The canonical array again."""
    position = _channel_position(array, axes)
    return array if position is None else np.moveaxis(array, -1, position)


def _channel_position(array: np.ndarray, axes: str | None) -> int | None:
    if axes is None:
        return None
    names = axes.split()
    if len(names) != array.ndim or len(set(names)) != len(names):
        raise InputError(
            f"An array of shape {array.shape} cannot have the axes {axes!r}: "
            f"name each of its {array.ndim} axes once."
        )
    return names.index(CHANNELS) if CHANNELS in names else None
