"""What a trial is: what is built, on which data, how it learns, what is observed.

A kind of trial is a subclass of `Trial`. Compare, train, parity, benchmarks and pages
know no kind: they read the attributes here, and ask `start` for the trial in one
framework, which does what a `Prepared` can do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from d2l.common.errors import InputError
from d2l.common.weights import Arrays, Slot, read_slots
from d2l.trials.choices import DataChoice, OptimizerChoice
from d2l.trials.session import Session

if TYPE_CHECKING:
    from d2l.common.plots.progress_board import CurveRecorder


@dataclass(frozen=True, kw_only=True)
class Start:
    """How a trial begins in a framework.

    data: the name of one of its data sets, else its first.
    seed: of the framework's own numbers and of the order of batches.
    weights: canonical, else the framework's own.
    optimizer: instead of the model's.
    arguments: over the trial's.
    outline: what `Prepared.outline` told, instead of any data: enough to build what
        learns.
    """

    data: str | None = None
    seed: int = 0
    weights: Mapping[str, np.ndarray] | None = None
    optimizer: OptimizerChoice | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    outline: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Training:
    """How long a trial is trained, and who watches.

    board: the recorder of all curves.
    steps: exactly so many, and a few for validation.
    epochs: else so many passes over the data.
    clip: the largest joint norm of the gradients.
    checkpoint: a file to resume from and to write to.
    watch: is told the trainer before it begins, where there is one.
    about: what a checkpoint is told of the training.
    first_step: tell also what the first step left, where there are steps of a trainer.
    """

    board: CurveRecorder
    steps: int | None = None
    epochs: int = 1
    clip: float = 0.0
    checkpoint: str | None = None
    watch: Callable[[Any], None] = lambda trainer: None
    about: Mapping[str, Any] = field(default_factory=dict)
    first_step: bool = False


class Prepared(ABC):
    """A trial in one framework, ready to be looked at and to be trained.

    Everything that it returns is canonical.
    """

    trial: Trial
    session: Session

    @abstractmethod
    def slots(self) -> Iterable[Slot]:
        """Every tensor of everything that learns, in a fixed order."""

    def weights(self) -> Arrays:
        """All of these by name."""
        return read_slots(self.slots())

    def outline(self) -> dict[str, Any]:
        """What the data decide of what is built, for JSON; see `Start`."""
        return {}

    def batches(self, steps: int | None) -> Arrays:
        """The first batches, for training and for validation; all, and one more."""
        return {}

    def forward(self, batch: Any = None) -> Arrays:
        """Outputs and those of the parts, in training and in evaluation mode.

        batch: a canonical tree of arrays, else the first one of the data.
        """
        raise NotImplementedError

    def gradients(self, batch: Any = None) -> Arrays:
        """The loss of a step and its gradients, by parameters and inputs."""
        raise NotImplementedError

    @abstractmethod
    def train(self, training: Training) -> Arrays:
        """Train; the optimizer's state, `optimizer.*`, and what is returned.

        Where it is asked for, what the first step left, as `updated.*`.
        """


@dataclass(frozen=True)
class Trial(ABC):
    """The base of all kinds of trials.

    section: the key of the section that it belongs to.
    data: by name, the first one is the default and needs no network.
    epochs: passes over the data.
    clip: as in `Training`.
    metric: what validation plots beside the loss.
    optimizer: for training in full; None for what the model has itself.
    optimizers: those of OPTIMIZERS that it is checked with.
    smooth: False when training amplifies rounding in float32, at the kinks of a network
        (ReLU) or by a large learning rate.
    float32_steps: how many steps of training in float32 are judged: fewer than all
        where training itself, whatever the framework, amplifies a last digit.
    zero_gradients: patterns of the parameters whose gradient is zero but for rounding,
        such as a bias before batch normalisation.
    step_curves: those of its curves that have a value for every step.
    spec: where it was found, if not in the package: `FILE.py:NAME`.
    """

    name: str
    title: str
    section: str
    data: Mapping[str, DataChoice] = field(default_factory=dict, kw_only=True)
    epochs: int = field(default=5, kw_only=True)
    clip: float = field(default=0.0, kw_only=True)
    metric: str | None = field(default=None, kw_only=True)
    optimizer: OptimizerChoice | None = field(default=None, kw_only=True)
    optimizers: tuple[str, ...] = field(default=("default",), kw_only=True)
    smooth: bool = field(default=True, kw_only=True)
    float32_steps: int = field(default=100, kw_only=True)
    zero_gradients: tuple[str, ...] = field(default=(), kw_only=True)
    step_curves: tuple[str, ...] = field(
        default=("train_loss", "train_ppl"), kw_only=True
    )
    spec: str = field(default="", kw_only=True)

    #: What can be observed of one step, beside training.
    observations: ClassVar[tuple[str, ...]] = ()
    #: The checks against the reference that make sense for this kind.
    comparisons: ClassVar[tuple[str, ...]] = ()
    #: Why a command makes no sense for this kind, in one sentence, by command.
    refusals: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def start(self, session: Session, start: Start) -> Prepared:
        """Build the trial in a framework."""

    @property
    def key(self) -> str:
        """What `trials.find` finds it by, also in another process."""
        return self.spec or self.name

    @property
    def default_data(self) -> str | None:
        """The name of the data set that needs no network; None where there is none."""
        return next(iter(self.data), None)

    def choose(self, name: str | None) -> DataChoice:
        """One of its data sets; None is the default. An unknown name is refused."""
        if not self.data:
            raise InputError(f"The trial {self.name} reads no data.")
        name = name or next(iter(self.data))
        if name not in self.data:
            raise InputError(
                f"The trial {self.name} has no data {name!r}: "
                f"choose {' or '.join(self.data)}."
            )
        return self.data[name]

    def on(self, data: str | None) -> Trial:
        """The trial as it is for one of its data sets."""
        if data is None:
            return self
        return replace(self, **self.data[data].changes)

    def checks(self) -> list[tuple[str, dict[str, Any]]]:
        """Names and arguments of the checks of a framework against the reference."""
        by_optimizer = ("update", "curve")
        found: list[tuple[str, dict[str, Any]]] = []
        for name in self.comparisons:
            if name in by_optimizer:
                found += [(name, {"optimizer": o}) for o in self.optimizers]
            else:
                found.append((name, {}))
        return found

    def own_checks(self) -> list[tuple[str, dict[str, Any]]]:
        """Those that need no other framework, also in the reference's truth."""
        return []

    def require(self, command: str) -> None:
        """Raise an InputError where a command makes no sense for this kind."""
        if command in self.refusals:
            raise InputError(f"{self.name}: {self.refusals[command]}")
