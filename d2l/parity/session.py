"""A framework in one precision, ready to build trials and run them."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from d2l import trials
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.backend import Backend, load_backend
from d2l.trials import DataChoice, FromData, OptimizerChoice, Part, Trial

#: Validation batches that a check of N steps looks at; the whole of them is
#: for real training.
VALIDATION_BATCHES = 2
#: The seed of the shared stream of dropout masks.
MASK_SEED = 7


class Steps:
    """A loader of exactly `steps` batches, however long one pass over the data is."""

    def __init__(self, loader: Any, steps: int):
        self.loader, self.steps = loader, steps

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[Any]:
        left = self.steps
        while left > 0:
            for batch in itertools.islice(self.loader, left):
                left -= 1
                yield batch


class LimitedData:
    """A data module cut to a number of training steps and a few validation batches."""

    def __init__(self, data: Any, steps: int):
        self.data, self.steps = data, steps

    def train_dataloader(self) -> Steps:
        """The first `steps` batches."""
        return Steps(self.data.train_dataloader(), self.steps)

    def val_dataloader(self) -> Steps | None:
        """A few batches, if there are any."""
        loader = self.data.val_dataloader()
        if loader is None:
            return None
        return Steps(loader, min(len(loader), VALIDATION_BATCHES))


@dataclass
class Prepared:
    """A trial's model and data in one framework."""

    trial: Trial
    model: Any
    data: Any
    batch: list[Any]


class Session:
    """A framework, configured once for one precision, in a process of its own."""

    def __init__(self, framework: str, precision: str):
        self.backend: Backend = load_backend(framework)
        self.backend.configure(precision)
        self.precision = precision
        self.namespace = self.backend.namespace()
        self._data: dict[tuple[str, str], Any] = {}

    def find(self, name: str) -> Any:
        """A public name, or `module:name` within this framework's tree."""
        module, _, attribute = name.rpartition(":")
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
        trial_name: str,
        data_name: str | None = None,
        seed: int = 0,
        weights: Mapping[str, np.ndarray] | None = None,
        optimizer: OptimizerChoice | None = None,
        arguments: Mapping[str, Any] | None = None,
    ) -> Prepared:
        """Build a trial.

        weights: canonical, else the framework's own; optimizer: instead of the
        model's; arguments: for the model's constructor, over the trial's.
        """
        trial = trials.find(trial_name)
        data_name = data_name or trial.default_data
        self.backend.seed(seed)
        data = self._load_data(trial, data_name)
        trial = trial.on(data_name)
        data.seed = seed
        batch = list(next(iter(data.train_dataloader())))
        model = self.build(
            trial.model, {**trial.arguments, **(arguments or {})}, data, batch
        )
        self.backend.materialise(model, batch[:-1])
        if weights is not None:
            self.backend.load_weights(model, weights)
        if optimizer is not None:
            self.use_optimizer(model, optimizer)
        return Prepared(trial, model, data, batch)

    def _load_data(self, trial: Trial, name: str) -> Any:
        # By module and arguments: trials that share data load it once.
        choice = trials.find_data(trial, name)
        key = (choice.module, repr(sorted(choice.arguments.items())))
        if key not in self._data:
            self._data[key] = self._make_data(choice)
        return self._data[key]

    def _make_data(self, choice: DataChoice) -> Any:
        arguments = {
            # Lists are vectors, which data modules take as tensors.
            k: self.backend.to_tensor(np.array(v)) if isinstance(v, list) else v
            for k, v in choice.arguments.items()
        }
        data = self.find(choice.module)(**arguments)
        if choice.folds:
            data.preprocess()
            data = self.namespace.k_fold_data(data, choice.folds)[0]
        return data

    def build(
        self, name: str, arguments: Mapping[str, Any], data: Any, batch: list[Any]
    ) -> Any:
        """A model by its name, with what its arguments leave to parts and data."""
        cls = self.find(name)
        filled = {k: self._fill(v, data, batch) for k, v in arguments.items()}
        # Sizes of inputs are the data's business, where a model wants them.
        for size, value in self._input_sizes(batch[0]).items():
            if size not in filled and size in _parameters(cls):
                filled[size] = value
        return cls(**filled)

    def _fill(self, value: Any, data: Any, batch: list[Any]) -> Any:
        if isinstance(value, Part):
            return self.build(value.model, value.arguments, data, batch)
        return getattr(data, value.attribute) if isinstance(value, FromData) else value

    def _input_sizes(self, inputs: Any) -> dict[str, int]:
        shape = tuple(inputs.shape)
        sizes = {"num_inputs": int(np.prod(shape[1:]))}
        if len(shape) == 4:
            sizes["image_size"] = shape[2]
            sizes["in_channels"] = shape[3 if self.backend.channels_last else 1]
        return sizes

    def use_optimizer(self, model: Any, choice: OptimizerChoice) -> None:
        """Let `model.configure_optimizers` return the chosen optimizer."""
        make = getattr(
            importlib.import_module(f"d2l.{self.backend.name}.optimizers"), choice.name
        )
        # On the class: some frameworks don't take functions as attributes.
        model.__class__ = type(
            type(model).__name__,
            (type(model),),
            {"configure_optimizers": lambda self: make(self, **choice.settings)},
        )

    @contextlib.contextmanager
    def parity_mode(self) -> Iterator[None]:
        """Dropout masks come from the shared stream, the same in all frameworks."""
        with self.backend.shared_dropout(MASK_SEED):
            yield


def _parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    # Flax shows the constructors of its modules as taking anything.
    called = function.__init__ if inspect.isclass(function) else function
    return inspect.signature(called).parameters
