"""What the parity engine asks of a framework.

Each framework's `backend.py` subclasses `Backend` and names the instance
`BACKEND`. Everything crosses this border as canonical NumPy arrays.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.layouts import SAME, Layout, image_from_canonical, image_to_canonical


class WeightError(D2LError):
    """Weights that do not fit a model; the message names the tensor."""


@dataclass(frozen=True)
class Slot:
    """One tensor of a model or of an optimizer, readable and writable.

    name: the canonical name; read: the framework's array as NumPy;
    write: takes the framework's layout; trainable: False for running statistics.
    """

    name: str
    read: Callable[[], np.ndarray]
    write: Callable[[np.ndarray], None]
    layout: Layout = SAME
    trainable: bool = True

    def canonical(self) -> np.ndarray:
        """The tensor's values in the canonical layout."""
        return self.layout.to_canonical(np.asarray(self.read()))


@dataclass(frozen=True)
class Gradients:
    """The loss of a batch and its gradients, all canonical.

    parameters: by canonical name; inputs: one for each floating-point input.
    """

    loss: float
    parameters: dict[str, np.ndarray]
    inputs: list[np.ndarray]


class Backend(ABC):
    """One framework's side of the parity engine."""

    name: str
    #: Images are (n, h, w, c) in this framework, and (n, c, h, w) canonically.
    channels_last = False

    # What is the same for every framework.

    def namespace(self) -> ModuleType:
        """The package that holds this framework's implementations."""
        return importlib.import_module(f"d2l.{self.name}")

    def version(self) -> str:
        """The version of the framework."""
        return FRAMEWORKS[self.name].version()

    def input_tensor(self, array: np.ndarray) -> Any:
        """A canonical input as this framework's tensor, images in its layout."""
        if self.channels_last and array.ndim == 4:
            array = np.ascontiguousarray(image_from_canonical(array))
        return self.to_tensor(array)

    def canonical(self, array: np.ndarray) -> np.ndarray:
        """An input's or output's values, images in the canonical layout."""
        array = np.asarray(array)
        if self.channels_last and array.ndim == 4:
            return image_to_canonical(array)
        return array

    def weights(self, model: Any) -> dict[str, np.ndarray]:
        """All tensors of a model by canonical name, in canonical layout."""
        return {slot.name: slot.canonical() for slot in self.slots(model)}

    def load_weights(self, model: Any, weights: Mapping[str, np.ndarray]) -> None:
        """Fill a model; every tensor must be used exactly once, every shape fit."""
        slots = list(self.slots(model))
        check_weights({s.name: s.canonical().shape for s in slots}, weights)
        for slot in slots:
            current = np.asarray(slot.read())
            value = slot.layout.from_canonical(np.asarray(weights[slot.name]))
            # ascontiguousarray makes a vector of a scalar.
            filled = np.ascontiguousarray(value, dtype=current.dtype)
            slot.write(filled.reshape(value.shape))

    def training_state(self, model: Any, optim: Any) -> dict[str, np.ndarray]:
        """Weights as `model.*` and the optimizer's state as `optimizer.*`."""
        state = {f"model.{k}": v for k, v in self.weights(model).items()}
        optimizer = self.optimizer_state(model, optim)
        return state | {f"optimizer.{k}": v for k, v in optimizer.items()}

    def restore_training_state(
        self, model: Any, optim: Any, state: Mapping[str, np.ndarray]
    ) -> None:
        """Put back what `training_state` gave, in this framework or another."""
        parts: dict[str, dict[str, np.ndarray]] = {"model": {}, "optimizer": {}}
        for name, array in state.items():
            part, _, rest = name.partition(".")
            parts[part][rest] = array
        self.load_weights(model, parts["model"])
        self.load_optimizer_state(model, optim, parts["optimizer"])

    # What each framework must say.

    @abstractmethod
    def configure(self, precision: str) -> None:
        """Set the default precision, "float32" or "float64", and one thread.

        Called once in a process, before any model is made. Reduced precision
        (TF32 and its like) is switched off.
        """

    @abstractmethod
    def seed(self, seed: int) -> None:
        """Seed this framework's random numbers."""

    @abstractmethod
    def to_tensor(self, array: np.ndarray) -> Any:
        """An array as a tensor: floats in the default precision, integers kept."""

    @abstractmethod
    def to_numpy(self, tensor: Any) -> np.ndarray:
        """A tensor's values."""

    @abstractmethod
    def materialise(self, model: Any, inputs: Iterable[Any]) -> None:
        """Run the model once, if that is what makes its parameters exist."""

    @abstractmethod
    def slots(self, model: Any) -> Iterable[Slot]:
        """Every tensor of a model (also of a reader's own), in a fixed order."""

    @abstractmethod
    def forward(
        self, model: Any, inputs: Iterable[Any], training: bool
    ) -> tuple[Any, dict[str, Any]]:
        """The output, and the output of each part that owns parameters, by path."""

    @abstractmethod
    def gradients(
        self, model: Any, loss: Callable[[Any, Any], Any], batch: Iterable[Any]
    ) -> Gradients:
        """Gradients of `loss(model(*inputs), labels)` in training mode.

        batch: tensors, inputs first and labels last.
        """

    @abstractmethod
    def call(
        self, function: Callable[..., Any], arguments: list[Any], wrt: list[int]
    ) -> tuple[Any, list[Any]]:
        """`function(*arguments)`, and the gradients of the sum of its output.

        wrt: the positions of the arguments to differentiate by. The sum is
        weighted by 1, 2, 3 ... over the elements, so that permuted gradients
        cannot pass for right ones.
        """

    @abstractmethod
    def optimizer_state(self, model: Any, optim: Any) -> dict[str, np.ndarray]:
        """The optimizer's state, canonical.

        Names are PyTorch's: `momentum_buffer.<parameter>`, `exp_avg.<parameter>`,
        `exp_avg_sq.<parameter>` and, where steps are counted, `step`.
        """

    @abstractmethod
    def load_optimizer_state(
        self, model: Any, optim: Any, state: Mapping[str, np.ndarray]
    ) -> None:
        """Put back what `optimizer_state` gave."""

    @abstractmethod
    def shared_dropout(self, seed: int) -> AbstractContextManager[Any]:
        """Dropout layers draw from the shared stream of masks meanwhile."""

    @abstractmethod
    def synchronise(self) -> None:
        """Wait until the device has done all its work."""


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


def load_backend(framework: str) -> Backend:
    """The backend of a framework; imports the framework."""
    return importlib.import_module(f"d2l.{framework}.backend").BACKEND
