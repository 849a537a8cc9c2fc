"""What a comparison is made of: the plan, the runs, how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from d2l.parity.measure import Measurement
from d2l.parity.run import Run, finite
from d2l.parity.tolerances import judged_steps, tolerance
from d2l.trials import Trial

#: What is compared, in the order of the columns.
KINDS = ("forward", "gradients", "curve", "later steps", "parameters")


#: What is shown of a run: title, key in its record, and how it is written.
ROWS: tuple[tuple[str, str, str], ...] = (
    ("version", "version", ""),
    ("parameters", "parameters", ",d"),
    ("steps", "steps", ",d"),
    ("final loss", "final_loss", ".4g"),
    ("final {metric}", "final_metric", ".4g"),
    ("first step, ms", "first_step_ms", ".1f"),
    ("step, ms", "step_ms", ".2f"),
    ("peak memory, MiB", "peak_memory_mib", ",.0f"),
)


@dataclass(frozen=True)
class Plan:
    """What is to be compared.

    data: the name of one of the trial's data sets, None where it has none.
    reference: the framework that the others are held against, one of `frameworks`.
    """

    trial: Trial
    data: str | None
    epochs: int
    seed: int
    precision: str
    frameworks: tuple[str, ...]
    reference: str

    @property
    def subject(self) -> str:
        """The trial's title, and its data where it has any."""
        on = f" on {self.data}" if self.data else ""
        return f"{self.trial.title}{on}"

    @property
    def loss(self) -> str:
        """What the loss of every step is called."""
        first = next(iter(self.trial.step_curves), "loss")
        return first.removeprefix("train_")

    @property
    def metric(self) -> str:
        """The curve that `final_metric` is taken from: the loss, without a metric."""
        return f"val_{self.trial.metric or 'loss'}"

    @property
    def judged_steps(self) -> int:
        """How many steps are held to tolerances."""
        return judged_steps(self.trial, self.precision)


@dataclass(frozen=True)
class Failure:
    """A framework that did not finish; `traceback` if it raised an exception."""

    framework: str
    message: str
    traceback: str = ""


@dataclass(frozen=True)
class Difference:
    """How far a framework is from the reference, tensor by tensor."""

    framework: str
    measurements: dict[str, list[Measurement]]

    def error(self, kind: str) -> float | None:
        """The largest error of a kind; None where nothing was compared."""
        found = self.measurements.get(kind)
        return max(m.error for m in found) if found else None

    def passed(self, kind: str) -> bool:
        """Whether every tensor was within the tolerance."""
        return all(m.passed for m in self.measurements.get(kind, []))

    @property
    def problems(self) -> list[str]:
        """A line for each tensor beyond its tolerance."""
        return [str(m) for ms in self.measurements.values() for m in ms if not m.passed]

    def as_record(self) -> dict[str, Any]:
        """For JSON: what could not be told in numbers is null."""
        return {
            "framework": self.framework,
            **{key(kind): finite(self.error(kind)) for kind in KINDS},
            "passed": not self.problems,
            "problems": self.problems,
        }


@dataclass
class Comparison:
    """All that a comparison found.

    reference: the plan's, or the first that finished, should that one have failed.
    """

    plan: Plan
    reference: str
    runs: list[Run] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether all tolerances were kept."""
        return not any(d.problems for d in self.differences)

    def tolerances(self) -> dict[str, float]:
        """The largest error that passes, by kind; infinite where any does."""
        steps = max((len(run.curve) for run in self.runs), default=1)
        found = limits(self.plan, steps)
        # Where nothing learns there are no parameters to compare.
        empty = {k for k in found if self._is_empty(k)}
        return {kind: limit for kind, limit in found.items() if kind not in empty}

    def _is_empty(self, kind: str) -> bool:
        found = [d.measurements.get(kind) for d in self.differences]
        return bool(found) and all(measured == [] for measured in found)

    def as_record(self) -> dict[str, Any]:
        """One object for JSON, without NaN or infinity."""
        plan = self.plan
        return {
            "trial": plan.trial.name,
            "data": plan.data,
            "epochs": plan.epochs,
            "precision": plan.precision,
            "seed": plan.seed,
            "reference": self.reference,
            "metric": plan.metric,
            "runs": [run.as_record(plan.metric) for run in self.runs],
            "differences": [d.as_record() for d in self.differences],
            "tolerances": {key(k): finite(v) for k, v in self.tolerances().items()},
            "passed": self.passed,
            "failures": [
                {"framework": f.framework, "message": f.message} for f in self.failures
            ],
        }


def limits(plan: Plan, steps: int) -> dict[str, float]:
    """The tolerance of each kind for a training of that many steps."""
    how: Any = {"steps": min(steps, plan.judged_steps), "smooth": plan.trial.smooth}
    judged = (*plan.trial.observations, "curve", "parameters")
    found = {kind: tolerance(kind, plan.precision, **how) for kind in judged}
    if steps > plan.judged_steps:
        found |= {"later steps": np.inf, "parameters": np.inf}
    # In the order of the columns.
    return {kind: found[kind] for kind in KINDS if kind in found}


def key(kind: str) -> str:
    """What a kind is called in a record."""
    return kind.replace(" ", "_")
