"""A framework in one precision, ready to build trials and run them."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from d2l import trials
from d2l.common import trees
from d2l.common.axes import CHANNELS, Axes, axes_of
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.python_files import load_file
from d2l.common.weights import Slot
from d2l.parity.backend import Backend, load_backend
from d2l.parity.environment import VARIABLE
from d2l.trials import (
    DataChoice,
    FromData,
    Named,
    OptimizerChoice,
    Part,
    Prepared,
    Start,
)

#: The seed of the shared stream of dropout masks.
MASK_SEED = 7


class Session:
    """A framework, configured once for one precision, in a process of its own."""

    def __init__(self, framework: str, precision: str):
        self.backend: Backend = load_backend(framework)
        self.backend.configure(precision)
        if os.environ.get(VARIABLE) == "gpu":
            self.backend.use_gpu()
        self.precision = precision
        self.namespace = self.backend.namespace()
        self._data: dict[str, Any] = {}

    def find(self, name: str) -> Any:
        """A public name, or `module:name` within this framework's tree.

        Or `FILE.py:NAME`, where `{framework}` in the file's path stands for this one.
        """
        module, _, attribute = name.rpartition(":")
        if module.endswith(".py"):
            path = module.replace("{framework}", self.backend.name)
            return getattr(load_file(path), attribute)
        if not module:
            found = getattr(self.namespace, attribute, None)
            if found is None:
                title = FRAMEWORKS[self.backend.name].title
                raise D2LError(f"There is no {name} in {title} yet.")
            return found
        path = f"d2l.{self.backend.name}.{module.replace('/', '.')}"
        return getattr(importlib.import_module(path), attribute)

    def prepare(
        self,
        trial: str,
        data: str | None = None,
        seed: int = 0,
        weights: Mapping[str, np.ndarray] | None = None,
        optimizer: OptimizerChoice | None = None,
        arguments: Mapping[str, Any] | None = None,
    ) -> Prepared:
        """Start a trial by its name; the others as in `Start`."""
        start = Start(
            data=data,
            seed=seed,
            weights=weights,
            optimizer=optimizer,
            arguments=arguments or {},
        )
        return trials.find(trial).start(self, start)

    def outline(
        self, trial: str, data: str | None, outline: Mapping[str, Any] | None = None
    ) -> Iterable[Slot]:
        """Every tensor of a trial; where there is an outline, without its data."""
        start = Start(data=data, outline=outline)
        return trials.find(trial).start(self, start).slots()

    def load(self, choice: DataChoice, seed: int) -> Any:
        """The data of a choice; trials that share data load them once."""
        key = repr(replace(choice, changes={}))
        if key not in self._data:
            self._data[key] = choice.load(self)
        data = self._data[key]
        data.seed = seed
        return data

    def build(
        self,
        name: str,
        arguments: Mapping[str, Any],
        data: Any = None,
        batch: Any = None,
        axes: Axes | None = None,
    ) -> Any:
        """A model by its name, with what its arguments leave to parts and data.

        batch: a tree of tensors, with declared axes, whose first array tells the sizes
        that a model asks for.
        """
        cls = self.find(name)
        sizes = self._input_sizes(batch, axes or {})
        filled = {k: self.fill(v, data, batch, axes) for k, v in arguments.items()}
        # Sizes of inputs are the data's business, where a model wants them.
        wanted = _parameters(cls).keys() - filled.keys()
        return cls(**filled, **{k: v for k, v in sizes.items() if k in wanted})

    def fill(
        self, value: Any, data: Any, batch: Any = None, axes: Axes | None = None
    ) -> Any:
        """What an argument stands for: a model, a function, what the data know."""
        if isinstance(value, Part):
            return self.build(value.model, value.arguments, data, batch, axes)
        if isinstance(value, Named):
            return self.find(value.name)
        return value.of(data) if isinstance(value, FromData) else value

    def _input_sizes(self, batch: Any, axes: Axes) -> dict[str, int]:
        path, first = next(trees.leaves(batch), ("", None))
        if first is None:
            return {}
        sizes = {"num_inputs": int(np.prod(tuple(first.shape)[1:]))}
        declared = axes_of(axes, path)
        if declared is None:
            return sizes
        names = declared.split()
        if self.backend.channels_last:
            names.sort(key=lambda name: name == CHANNELS)
        lengths = dict(zip(names, first.shape, strict=True))
        own = {"image_size": lengths.get("h"), "in_channels": lengths.get(CHANNELS)}
        return sizes | {k: int(v) for k, v in own.items() if v is not None}

    def optimizer(self, choice: OptimizerChoice | None) -> Callable[[Any], Any] | None:
        """What makes the chosen optimizer for a model; None for no choice."""
        if choice is None:
            return None
        module = importlib.import_module(f"d2l.{self.backend.name}.optimizers")
        make = getattr(module, choice.name)
        return lambda model: make(model, **choice.settings)

    @contextlib.contextmanager
    def parity_mode(self) -> Iterator[None]:
        """Dropout masks come from the shared stream, the same in all frameworks."""
        with self.backend.shared_dropout(MASK_SEED):
            yield


def _parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    # Flax shows the constructors of its modules as taking anything.
    called = function.__init__ if inspect.isclass(function) else function
    return inspect.signature(called).parameters
