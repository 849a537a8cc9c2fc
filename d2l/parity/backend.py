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

from d2l.common.frameworks import FRAMEWORKS
from d2l.common.weights import Arrays, Slot
from d2l.parity.layouts import image_from_canonical, image_to_canonical


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

    # Its tensors: what `weights.py` of the framework finds.

    @property
    def tensors(self) -> ModuleType:
        """The framework's module `weights`."""
        return importlib.import_module(f"d2l.{self.name}.weights")

    def slots(self, model: Any) -> Iterable[Slot]:
        """Every tensor of a model (also of a reader's own), in a fixed order."""
        return self.tensors.slots(model)

    def weights(self, model: Any) -> Arrays:
        """All tensors of a model by canonical name, in canonical layout."""
        return self.tensors.weights(model)

    def load_weights(self, model: Any, weights: Mapping[str, np.ndarray]) -> None:
        """Fill a model; every array must be used exactly once, every shape fit."""
        self.tensors.load_weights(model, weights)

    def materialise(self, model: Any, inputs: Iterable[Any]) -> None:
        """Run the model once, if that is what makes its parameters exist."""
        self.tensors.materialise(model, inputs)

    def optimizer_state(self, model: Any, optim: Any) -> Arrays:
        """The optimizer's state, canonical.

        Names are PyTorch's: `momentum_buffer.<parameter>`, `exp_avg.<parameter>`,
        `exp_avg_sq.<parameter>` and, where steps are counted, `step`.
        """
        return self.tensors.optimizer_state(model, optim)

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
    def shared_dropout(self, seed: int) -> AbstractContextManager[Any]:
        """Dropout layers draw from the shared stream of masks meanwhile."""

    @abstractmethod
    def synchronise(self) -> None:
        """Wait until the device has done all its work."""


def load_backend(framework: str) -> Backend:
    """The backend of a framework; imports the framework."""
    return importlib.import_module(f"d2l.{framework}.backend").BACKEND
