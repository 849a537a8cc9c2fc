"""How a framework's arrays become the canonical ones, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Layout:
    """The way from a framework's array to the canonical (PyTorch's) array.

    axes: the transposition that makes it canonical, or None.
    channels: if set, the first axis of the framework's array runs over a feature
        map flattened as (height, width, channels); canonically it is flattened
        as (channels, height, width).
    """

    axes: tuple[int, ...] | None = None
    channels: int | None = None

    def to_canonical(self, array: np.ndarray) -> np.ndarray:
        """The framework's array in the canonical layout."""
        if self.channels is not None:
            rest = array.shape[1:]
            split = array.reshape(-1, self.channels, *rest)
            array = split.swapaxes(0, 1).reshape(-1, *rest)
        return array if self.axes is None else array.transpose(self.axes)

    def from_canonical(self, array: np.ndarray) -> np.ndarray:
        """The canonical array in the framework's layout."""
        if self.axes is not None:
            array = array.transpose(np.argsort(self.axes))
        if self.channels is not None:
            rest = array.shape[1:]
            split = array.reshape(self.channels, -1, *rest)
            array = split.swapaxes(0, 1).reshape(-1, *rest)
        return array


SAME = Layout()
#: (inputs, outputs) in Keras and Flax; (outputs, inputs) canonically.
DENSE_KERNEL = Layout(axes=(1, 0))
#: (height, width, inputs, outputs); (outputs, inputs, height, width) canonically.
CONV_KERNEL = Layout(axes=(3, 2, 0, 1))


def image_to_canonical(array: np.ndarray) -> np.ndarray:
    """A channels-last batch, (n, h, w, c), as (n, c, h, w)."""
    return array.transpose(0, 3, 1, 2)


def image_from_canonical(array: np.ndarray) -> np.ndarray:
    """A batch of shape (n, c, h, w) as (n, h, w, c)."""
    return array.transpose(0, 2, 3, 1)
