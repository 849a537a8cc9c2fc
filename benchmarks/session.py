"""A framework, configured for timing, with the models and loops of the benchmarks."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from benchmarks.cases import Case
from d2l.parity.initial_weights import initial_weights
from d2l.parity.session import Session


class BenchmarkSession(Session):
    """A framework in float32, in a process of its own."""

    def __init__(self, framework: str):
        super().__init__(framework, "float32")

    def find(self, name: str) -> Any:
        """A public name, or a model of the benchmarks."""
        own = import_module(f"benchmarks.models.{self.backend.name}")
        return getattr(own, name, None) or super().find(name)

    def loops(self, module: str) -> ModuleType:
        """A module of this framework's plain loops."""
        return import_module(f"benchmarks.loops.{self.backend.name}.{module}")

    def make_model(self, case: Case, inputs: Any) -> Any:
        """The model, with weights that are the same in every framework."""
        model = self.build(case.model.model, case.model.arguments, None, [inputs])
        self.backend.materialise(model, [inputs])
        shapes = {k: v.shape for k, v in self.backend.weights(model).items()}
        # All of a size, so that whatever a network does shows in its output.
        self.backend.load_weights(model, initial_weights(shapes, seed=0))
        return model
