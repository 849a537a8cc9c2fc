"""Carries out the checks of trials; what one check found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from d2l.common.errors import D2LError
from d2l.common.plots.progress_bar import progress
from d2l.parity.check_list import CHECKS, checks_of
from d2l.parity.checks import Checker
from d2l.parity.measure import Measurement
from d2l.parity.pool import BackendDied, Pool, TaskFailed
from d2l.parity.run import finite
from d2l.trials import Trial


@dataclass(frozen=True)
class Result:
    """What one check measured; `error` where it could not be carried out.

    subject: the trial, or the reader's model.
    """

    subject: str
    framework: str
    precision: str
    check: str
    measurements: list[Measurement] = field(default_factory=list)
    error: str = ""

    @property
    def title(self) -> str:
        """One line that says which check it is."""
        return f"{self.subject} {self.framework} {self.precision} {self.check}"

    @property
    def passed(self) -> bool:
        """Whether something was measured, and all of it within its tolerance."""
        return (
            not self.error
            and bool(self.measurements)
            and all(m.passed for m in self.measurements)
        )

    @property
    def worst(self) -> Measurement | None:
        """The measurement that is nearest to its tolerance, or furthest beyond."""
        return max(self.measurements, key=_severity, default=None)

    @property
    def problems(self) -> list[str]:
        """A line for each tensor that fails."""
        return [str(m) for m in self.measurements if not m.passed]

    def as_record(self) -> dict[str, Any]:
        """For JSON."""
        worst = self.worst
        return {
            "subject": self.subject,
            "framework": self.framework,
            "precision": self.precision,
            "check": self.check,
            "passed": self.passed,
            "tensors": len(self.measurements),
            "worst": finite(worst.error) if worst else None,
            "tensor": worst.tensor if worst else None,
            "tolerance": worst.tolerance if worst else None,
            "failures": [m.as_dict() for m in self.measurements if not m.passed],
            "error": self.error or None,
        }


def _severity(measurement: Measurement) -> tuple[bool, float]:
    return not measurement.passed, measurement.error


def check_trials(
    trials: Sequence[Trial],
    frameworks: Sequence[str],
    precisions: Sequence[str],
    steps: int,
    reference: str,
    pythons: dict[str, str],
) -> list[Result]:
    """All checks of all trials in all frameworks, trial by trial."""
    results: list[Result] = []
    runs = [(f, p) for f in frameworks for p in precisions]
    total = len(trials) * len(runs)
    with Pool(pythons) as pool, progress("checking", total) as bar:
        for trial in trials:
            # One for each trial: it remembers what all have answered.
            checker = Checker(pool, reference, steps, keeps_all=True)
            for framework, precision in runs:
                results += _check(checker, trial, framework, precision)
                bar.advance(f"{trial.name} {framework} {precision}")
    return results


def _check(
    checker: Checker, trial: Trial, framework: str, precision: str
) -> Iterator[Result]:
    """The checks of a trial in one framework; none after its process has died."""
    reference = checker.reference
    for name, arguments in checks_of(trial, framework, precision, reference):
        check = " ".join([name, *arguments.values()])
        labels = (trial.name, framework, precision, check)
        try:
            found = CHECKS[name](checker, framework, precision, trial, **arguments)
        except TaskFailed as error:
            yield Result(*labels, error=error.args[0])
        except D2LError as error:
            yield Result(*labels, error=str(error))
            if isinstance(error, BackendDied):
                return
        else:
            yield Result(*labels, found)
