"""A trial in one framework, as the oracles ask for it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from d2l.common.weights import Arrays
from d2l.parity.checks import Checker
from d2l.parity.measure import Measurement, measure_all, rounded_to, same_precision
from d2l.parity.tolerances import tolerance
from d2l.trials.observed import select

#: What the oracles are called where frameworks have names.
REFERENCE = "NumPy"


@dataclasses.dataclass
class OracleRun:
    """A trial in one framework and precision."""

    checker: Checker
    framework: str
    precision: str
    trial: Any

    def task(self, name: str, arrays: Arrays, **arguments: Any) -> Arrays:
        """A task's arrays."""
        return self.checker.run(
            self.framework,
            self.precision,
            name,
            arrays,
            trial=self.trial.key,
            **arguments,
        )

    def weights(self) -> Arrays:
        """As the framework holds them: rounded, then in float64 again."""
        given = select(self.checker.weights(self.trial), "weights")
        return {k: exactly(rounded_to(self.precision, v)) for k, v in given.items()}

    def first_batches(self, steps: int) -> Arrays:
        """For training and validation, the framework's own.

        A difference in them is the data check's business.
        """
        found = self.task("batches", {}, data=None, steps=steps)
        return {name: exactly(array) for name, array in found.items()}

    def measure(
        self, kind: str, actual: Arrays, expected: Arrays, steps: int = 1
    ) -> list[Measurement]:
        """Against what the oracle says."""
        limit = tolerance(kind, self.precision, steps=steps, smooth=self.trial.smooth)
        names = (self.framework, REFERENCE, f"oracle: {kind}")
        if kind == "forward":
            expected = {k: rounded_to(self.precision, v) for k, v in expected.items()}
        else:
            actual, expected = same_precision(actual, expected)
        return measure_all(names, actual, expected, limit)


def exactly(array: np.ndarray) -> np.ndarray:
    """The array in float64; integers as they are."""
    is_float = np.issubdtype(array.dtype, np.floating)
    return array.astype(np.float64) if is_float else array
