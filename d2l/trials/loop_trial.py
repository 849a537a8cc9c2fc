"""The trial of a training loop of its own, with any number of models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from d2l.trials.choices import Part
from d2l.trials.prepared_loop import PreparedLoop
from d2l.trials.session import Session
from d2l.trials.trial import Prepared, Start, Trial


@dataclass(frozen=True)
class LoopTrial(Trial):
    """A function that trains, or searches, or samples, and what it leaves behind.

    Observed are the curves that it draws on any board, what it returns (a tree), and
    the parameters of the models that it was given. What it draws at random it must
    draw from the shared stream (`randomness.uniform` and `normal`).

    function: its name, as that of a model in `Part`.
    arguments: by keyword; a `Part` is a model, built and filled first; `FromData`,
        `Named` and `FromTraining` stand for what is known only later.
    step_curves: those of its curves that have a value for every step.
    """

    function: str
    arguments: Mapping[str, Any]
    step_curves: tuple[str, ...] = field(default=(), kw_only=True)

    observations: ClassVar[tuple[str, ...]] = ()
    comparisons: ClassVar[tuple[str, ...]] = ("data", "weights", "curve")

    def start(self, session: Session, start: Start) -> Prepared:
        """Build the models, and the data if there are any."""
        return PreparedLoop(self, session, start)

    def checks(self) -> list[tuple[str, dict[str, Any]]]:
        """Names and arguments; of data and weights only where there are any."""
        has_models = any(isinstance(v, Part) for v in self.arguments.values())
        there = {"data": bool(self.data), "weights": has_models}
        return [check for check in super().checks() if there.get(check[0], True)]
