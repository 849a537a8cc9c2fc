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

from d2l.common.axes import move_channels_back, move_channels_last
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.weights import Arrays, Slot
from d2l.trials.steps import training_step

#: What is done with a model and a batch, and returns an output or a loss.
Step = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Gradients:
    """The loss of a batch and its gradients.

    parameters: canonical, by canonical name.
    inputs: as the framework has them, one for each floating-point array of the batch,
        by path.
    """

    loss: float
    parameters: Arrays
    inputs: Arrays


class Backend(ABC):
    """One framework's side of the parity engine."""

    name: str
    #: Channels are the last axis in this framework, and the second canonically.
    channels_last = False

    # What is the same for every framework.

    def namespace(self) -> ModuleType:
        """The package that holds this framework's implementations."""
        return importlib.import_module(f"d2l.{self.name}")

    def version(self) -> str:
        """The version of the framework."""
        return FRAMEWORKS[self.name].version()

    def use_gpu(self) -> None:
        """Compute on the first GPU from now on, with the same result every time.

        Raises a D2LError where there is none. Called after `configure`. A framework
        that prefers GPUs by itself need say no more.
        """
        if not self.namespace().num_gpus():
            title = FRAMEWORKS[self.name].title
            raise D2LError(f"{title} has no GPU to use here: see docs/gpus.md.")

    def input_tensor(self, array: np.ndarray, axes: str | None = None) -> Any:
        """A canonical array as this framework's tensor.

        axes: as declared.
        """
        array = np.asarray(array)
        # Everywhere, so that a wrong declaration is refused everywhere.
        moved = move_channels_last(array, axes)
        return self.to_tensor(moved if self.channels_last else array)

    def canonical(self, tensor: Any, axes: str | None = None) -> np.ndarray:
        """A tensor's values with their axes in the canonical order."""
        array = np.asarray(self.to_numpy(tensor))
        return move_channels_back(array, axes) if self.channels_last else array

    def canonical_part(self, tensor: Any, features_last: bool) -> np.ndarray:
        """What a part returned.

        features_last: whether its last axis is the second.
        """
        array = np.asarray(self.to_numpy(tensor))
        return np.moveaxis(array, -1, 1) if features_last and array.ndim > 1 else array

    def apply(self, model: Any, inputs: Iterable[Any], training: bool) -> Any:
        """A model's output; keywords are told by a dictionary."""
        if isinstance(inputs, Mapping):
            return model(**inputs)
        return model(*inputs)

    def forward(
        self, model: Any, inputs: Any, training: bool
    ) -> tuple[Any, dict[str, Any]]:
        """The output, and the output of each part that owns parameters, by path."""

        def call(model: Any, inputs: Any) -> Any:
            return self.apply(model, inputs, training)

        output, parts = self.observe(model, call, inputs, training)
        parts.pop("", None)
        return output, parts

    def features_last(self, model: Any) -> set[str]:
        """The paths of parts whose features are the last axis, canonically the second.

        Convolutions and batch normalisations know that of themselves.
        """
        return set()

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

    def materialise_by_step(self, model: Any, batch: Any) -> None:
        """The same by what the model itself does with a batch in training."""
        self.observe(model, training_step, batch, training=False)

    def optimizer_state(self, model: Any, optim: Any) -> Arrays:
        """The optimizer's state, canonical.

        Names are PyTorch's: `momentum_buffer.<parameter>`, `exp_avg.<parameter>`,
        `exp_avg_sq.<parameter>` and, where steps are counted, `step`.
        """
        return self.tensors.optimizer_state(model, optim)

    def undrawn(self, build: Callable[[], Any]) -> Any:
        """The model that `build` builds; its parameters may have any numbers."""
        return build()

    def open_steps(self, trainer: Any) -> Iterable[Any]:
        """Steps that hold the state of model and optimizer, until their `end`."""
        return ()

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
    def observe(
        self, model: Any, step: Step, batch: Any, training: bool
    ) -> tuple[Any, dict[str, Any]]:
        """`step(model, batch)`, and what was returned meanwhile, by path.

        By the model itself, whose path is empty, and by each part of it that owns
        parameters; the last time, where one was called several times.
        """

    @abstractmethod
    def gradients(self, model: Any, step: Step, batch: Any) -> Gradients:
        """Gradients of the loss `step(model, batch)` in training mode.

        batch: a tree of tensors and plain values.
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
