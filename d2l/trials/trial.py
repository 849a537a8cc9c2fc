"""What a trial is: a model, its data and its training, without a framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class DataChoice:
    """A data set that a trial can be run on.

    module: the data module's name in every framework; arguments: for its
    constructor; catalogue: the catalogue's entry, if files are needed;
    folds: for tables, how many folds there are, the first of which validates;
    changes: fields of the trial that are others on these data, `arguments` by
        what is added to them: real data deserve a wider model, or train as published.
    """

    module: str
    arguments: Mapping[str, Any]
    catalogue: str | None = None
    folds: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OptimizerChoice:
    """An optimizer by its name in each framework's `optimizers.py`."""

    name: str
    settings: Mapping[str, float]


#: The optimizers that every trial is checked with; None is the model's own.
OPTIMIZERS: dict[str, OptimizerChoice | None] = {
    "default": None,
    # A rate at which every trial converges, the ill-conditioned ones too.
    "momentum": OptimizerChoice("sgd", {"lr": 0.01, "momentum": 0.9}),
    "adam": OptimizerChoice("adam", {"lr": 0.002}),
}


@dataclass(frozen=True)
class Part:
    """An argument that is a model itself, such as the encoder of a translator.

    model: its public name, or `module:name` within a framework's tree.
    """

    model: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class FromData:
    """An argument that the data know, such as the size of a vocabulary.

    attribute: of the data module.
    """

    attribute: str


@dataclass(frozen=True)
class Trial:
    """A model, the data it can be trained on, and how it is trained.

    section: the key of the section that defines the model;
    arguments: for the model's constructor, the same in every framework; a
        `Part` is built first, a `FromData` asked for;
    data: by name, the first one is the default and needs no network;
    optimizer: None for what the model's `configure_optimizers` returns;
    clip: the largest joint norm of the gradients, 0 for any;
    metric: what validation plots beside the loss;
    smooth: False when training amplifies rounding in float32, at the kinks of
        a network (ReLU) or by a large learning rate;
    float32_steps: how many steps of training in float32 are judged: fewer than all
        where training itself, whatever the framework, amplifies a last digit;
    textured: compare gradients on inputs with noise added: where an image is
        blank, the maxima of pooling are ties that rounding decides;
    zero_gradients: patterns of the parameters whose gradient is zero but for
        rounding, such as a bias before batch normalisation;
    optimizers: those of OPTIMIZERS that it is checked with;
    scratch: the trial of the same model from scratch, and by which of its
        parameters each of this trial's is matched.
    """

    name: str
    title: str
    section: str
    model: str
    arguments: Mapping[str, Any]
    data: Mapping[str, DataChoice]
    epochs: int = 5
    optimizer: OptimizerChoice | None = None
    clip: float = 0.0
    metric: str | None = None
    smooth: bool = True
    float32_steps: int = 100
    textured: bool = False
    zero_gradients: tuple[str, ...] = ()
    optimizers: tuple[str, ...] = tuple(OPTIMIZERS)
    scratch: ScratchTwin | None = None

    @property
    def default_data(self) -> str:
        """The name of the data set that needs no network."""
        return next(iter(self.data))

    def on(self, data: str) -> Trial:
        """The trial as it is for one of its data sets."""
        changes = dict(self.data[data].changes)
        arguments = {**self.arguments, **changes.pop("arguments", {})}
        return replace(self, arguments=arguments, **changes)


@dataclass(frozen=True)
class ScratchTwin:
    """The book's other version of a model, and how the two correspond.

    trial: its name; weights: for each of its parameters the name of the
    parameter here, and whether it is transposed; arguments: what its
    constructor must be given so that both take the same steps;
    loss_factor: its loss as a multiple of the loss here, None when the two
    losses hold different terms; probabilities: it returns probabilities where
    this one returns logits; differing: patterns of those of its parameters that
    training is to leave different.
    """

    trial: str
    weights: Mapping[str, tuple[str, bool]]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    loss_factor: float | None = 1.0
    probabilities: bool = False
    differing: tuple[str, ...] = ()
