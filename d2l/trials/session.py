"""What a trial may ask of the framework that it is started in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

from d2l.common.axes import Axes

if TYPE_CHECKING:
    from d2l.trials.choices import DataChoice, OptimizerChoice


class Session(Protocol):
    """A framework in one precision; the parity engine's, or a stand-in for it.

    backend: the framework's side of the engine: tensors, weights, outputs, gradients.
    namespace: the package with its public names.
    """

    backend: Any
    namespace: Any

    def find(self, name: str) -> Any:
        """A public name, `module:name` of the framework's tree, `FILE.py:NAME`."""

    def build(
        self,
        name: str,
        arguments: Mapping[str, Any],
        data: Any = None,
        batch: Any = None,
        axes: Axes | None = None,
    ) -> Any:
        """A model, with what its arguments leave to parts and data."""

    def fill(
        self, value: Any, data: Any, batch: Any = None, axes: Axes | None = None
    ) -> Any:
        """What an argument stands for: a model, a function, what the data know."""

    def load(self, choice: DataChoice, seed: int) -> Any:
        """The data of a choice."""

    def optimizer(self, choice: OptimizerChoice | None) -> Callable[[Any], Any] | None:
        """What makes the chosen optimizer for a model; None for no choice."""

    def parity_mode(self) -> AbstractContextManager[None]:
        """Random numbers come from the shared stream within the block."""
