"""The trial of something without a framework: NumPy once, public in all four."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from d2l.common.weights import Arrays, Slot
from d2l.trials.observed import observed_tree
from d2l.trials.session import Session
from d2l.trials.trial import Prepared, Start, Training, Trial

NOT_TRAINED = "it is computed once, in NumPy, for all frameworks, and is not trained."


@dataclass(frozen=True)
class SharedTrial(Trial):
    """A function of the package that touches no tensor; an oracle judges it.

    function: its public name, the same object in every framework.
    arguments: by keyword; a function without arguments is called for its value.
    """

    function: str
    arguments: Mapping[str, Any]

    refusals: ClassVar[Mapping[str, str]] = {
        "compare": f"nothing to compare: {NOT_TRAINED}",
        "train": f"nothing to train: {NOT_TRAINED}",
        "weights": f"no weights: {NOT_TRAINED}",
        "benchmark": f"nothing to time: {NOT_TRAINED}",
    }

    def start(self, session: Session, start: Start) -> Prepared:
        """Find the function."""
        return PreparedShared(self, session)


class PreparedShared(Prepared):
    """A function that was found in a framework's package."""

    trial: SharedTrial

    def __init__(self, trial: SharedTrial, session: Session):
        self.trial, self.session = trial, session

    def slots(self) -> Iterable[Slot]:
        """None: nothing learns."""
        return ()

    def train(self, training: Training) -> Arrays:
        """Call the function; returns its tree as `returned.*`."""
        given = self.trial.arguments
        arguments = {k: v() if callable(v) else v for k, v in given.items()}
        returned = self.session.find(self.trial.function)(**arguments)
        return observed_tree(self.session, "returned", returned, {})
