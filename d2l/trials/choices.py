"""What a trial chooses among: data, optimizers, and arguments known only later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from d2l.common import trees
from d2l.common.data.loading import EmptyBatches, Examples
from d2l.trials.observed import tensors
from d2l.trials.session import Session


@dataclass(frozen=True)
class DataChoice:
    """A data set that a trial can be run on: a data module of the book.

    module: the data module's name in every framework.
    arguments: for its constructor.
    catalogue: the catalogue's entry, if files are needed.
    axes: of a batch's arrays by path, as in d2l/common/axes.py.
    changes: fields of the trial that are others on these data, `arguments` by what is
        added to them: real data deserve a wider model, or train as published.
    """

    module: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    catalogue: str | None = None
    axes: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)

    def load(self, session: Session) -> Any:
        """The data module in a framework."""
        arguments = {
            # Lists are vectors, which data modules take as tensors.
            k: session.backend.to_tensor(np.array(v)) if isinstance(v, list) else v
            for k, v in self.arguments.items()
        }
        return session.find(self.module)(**arguments)


@dataclass(frozen=True, kw_only=True)
class FoldedChoice(DataChoice):
    """A table in folds, the first of which validates.

    folds: how many there are.
    """

    folds: int

    def load(self, session: Session) -> Any:
        """The data module of the first fold."""
        data = super().load(session)
        data.preprocess()
        return session.namespace.k_fold_data(data, self.folds)[0]


@dataclass(frozen=True, kw_only=True)
class ArrayChoice(DataChoice):
    """Examples that a function makes: equally long arrays, nested as they come.

    make: a function without arguments; a batch is a tree of the same form.
    num_val: how many of the last examples are for validation.
    """

    make: Callable[[], Any]
    batch_size: int
    num_val: int = 0
    module: str = ""

    def load(self, session: Session) -> Any:
        """A data module that cuts its batches out of the arrays."""
        examples = tensors(session, self.make(), self.axes)
        module = session.namespace.DataModule()
        module.batch_size = self.batch_size
        return Examples(module, examples, self.num_val)


@dataclass(frozen=True, kw_only=True)
class NoData(DataChoice):
    """No data at all: an epoch is a number of empty batches."""

    num_batches: int
    module: str = ""

    def load(self, session: Session) -> Any:
        """A data module of empty batches."""
        return EmptyBatches(self.num_batches)


@dataclass(frozen=True)
class OptimizerChoice:
    """An optimizer by its name in each framework's `optimizers.py`."""

    name: str
    settings: Mapping[str, float]


#: The optimizers that trials are checked with; None is the model's own.
OPTIMIZERS: dict[str, OptimizerChoice | None] = {
    "default": None,
    # A rate at which every trial converges, the ill-conditioned ones too.
    "momentum": OptimizerChoice("sgd", {"lr": 0.01, "momentum": 0.9}),
    "adam": OptimizerChoice("adam", {"lr": 0.002}),
}


@dataclass(frozen=True)
class Part:
    """An argument that is a model itself, such as the encoder of a translator.

    model: its public name, or `module:name` within a framework's tree, or
        `FILE.py:NAME`, where `{framework}` stands for the framework.
    example: the shape of an input, for a model that learns its sizes from one.
    """

    model: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    example: tuple[int, ...] | None = None


@dataclass(frozen=True)
class FromData:
    """An argument that the data know, such as the size of a vocabulary.

    attribute: of the data module; of a tree that is one, with the path in it.
    """

    attribute: str

    def of(self, data: Any) -> Any:
        """What these data know."""
        name, _, path = self.attribute.partition(".")
        value = getattr(data, name)
        return dict(trees.leaves(value))[path] if path else value


@dataclass(frozen=True)
class Named:
    """An argument that is a function of the framework's, by name as in `Part`."""

    name: str


@dataclass(frozen=True)
class FromTraining:
    """An argument that is known when training begins: "batches", "epochs", "steps"."""

    what: str
