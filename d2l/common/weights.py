"""The tensors of a model in one form for all frameworks: names, layouts, files.

The canonical form is what PyTorch's `state_dict` gives: its names and layouts, as
NumPy arrays. Each framework's `weights.py` finds the tensors of a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from d2l.common.errors import D2LError

Arrays = dict[str, np.ndarray]


class WeightError(D2LError):
    """Weights that do not fit a model; the message names the tensor."""


@dataclass(frozen=True)
class Layout:
    """The way from a framework's array to the canonical (PyTorch's) array.

    axes: the transposition that makes it canonical, or None.
    """

    axes: tuple[int, ...] | None = None

    def to_canonical(self, array: np.ndarray) -> np.ndarray:
        """The framework's array in the canonical layout."""
        return array if self.axes is None else array.transpose(self.axes)

    def from_canonical(self, array: np.ndarray) -> np.ndarray:
        """The canonical array in the framework's layout."""
        return array if self.axes is None else array.transpose(np.argsort(self.axes))


SAME = Layout()
#: (inputs, outputs) in Keras and Flax; (outputs, inputs) canonically.
DENSE_KERNEL = Layout(axes=(1, 0))
#: (height, width, inputs, outputs); (outputs, inputs, height, width) canonically.
CONV_KERNEL = Layout(axes=(3, 2, 0, 1))


@dataclass(frozen=True)
class Slot:
    """One tensor of a model, readable and writable.

    name: the canonical name.
    read: the framework's array as NumPy.
    write: takes the framework's layout.
    trainable: False for running statistics.
    """

    name: str
    read: Callable[[], np.ndarray]
    write: Callable[[np.ndarray], None]
    layout: Layout = SAME
    trainable: bool = True

    def canonical(self) -> np.ndarray:
        """The tensor's values in the canonical layout."""
        return self.layout.to_canonical(np.asarray(self.read()))

    def fill(self, array: np.ndarray) -> None:
        """Overwrite the tensor by a canonical array, in the tensor's own precision."""
        value = self.layout.from_canonical(np.asarray(array))
        # ascontiguousarray makes a vector of a scalar.
        filled = np.ascontiguousarray(value, dtype=np.asarray(self.read()).dtype)
        self.write(filled.reshape(value.shape))


def read_slots(slots: Iterable[Slot]) -> Arrays:
    """All tensors by canonical name, in canonical layout."""
    return {slot.name: slot.canonical() for slot in slots}


def fill_slots(slots: Iterable[Slot], weights: Mapping[str, np.ndarray]) -> None:
    """Fill all tensors; each array must be used exactly once, every shape fit."""
    slots = list(slots)
    check_weights({s.name: s.canonical().shape for s in slots}, weights)
    for slot in slots:
        slot.fill(weights[slot.name])


def check_weights(
    shapes: Mapping[str, tuple[int, ...]], weights: Mapping[str, np.ndarray]
) -> None:
    """Raise a WeightError naming the first tensor that is missing, extra or misshapen.

    shapes: what the model has, by canonical name.
    """
    for name in shapes:
        if name not in weights:
            raise WeightError(
                f"The weights have no tensor {name}, which the model has."
            )
    for name, array in weights.items():
        if name not in shapes:
            raise WeightError(
                f"The model has no tensor {name}, which the weights have."
            )
        if tuple(array.shape) != tuple(shapes[name]):
            raise WeightError(
                f"The tensor {name} has shape {tuple(array.shape)} in the weights, "
                f"but {tuple(shapes[name])} in the model."
            )


def join(parts: Mapping[str, Mapping[str, np.ndarray]]) -> Arrays:
    """Named groups of arrays as one: `model.net.bias` for `net.bias` of `model`."""
    return {
        f"{part}.{name}": a for part, own in parts.items() for name, a in own.items()
    }


def split(arrays: Mapping[str, np.ndarray]) -> dict[str, Arrays]:
    """Take apart again what `join` put together."""
    parts: dict[str, Arrays] = {}
    for label, array in arrays.items():
        part, _, name = label.partition(".")
        parts.setdefault(part, {})[name] = array
    return parts
