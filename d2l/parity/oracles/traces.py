"""What loops and shared functions must return, computed in another way in NumPy."""

from __future__ import annotations

from collections.abc import Callable

from d2l.common.weights import Arrays
from d2l.parity.checks import Checker
from d2l.parity.measure import Measurement, measure_all, rounded_to
from d2l.parity.observed import select
from d2l.parity.tolerances import tolerance
from d2l.trials import Trial

#: By the name of a trial: the arrays that it must return, or those that are known.
TRACES: dict[str, Callable[[], Arrays]] = {}


def check_trace(
    checker: Checker, framework: str, precision: str, trial: Trial
) -> list[Measurement]:
    """What a trial returns, against the oracle."""
    arguments = {"trial": trial.key, "seed": checker.seed, "steps": checker.steps}
    weights = checker.weights(trial)
    found = checker.run(framework, precision, "curve", weights, **arguments)
    expected = TRACES[trial.name]()
    returned = select(found, "returned")
    return measure_all(
        (framework, "NumPy", "oracle: trace"),
        {name: rounded_to(precision, returned[name]) for name in expected},
        {name: rounded_to(precision, array) for name, array in expected.items()},
        tolerance("function", precision),
    )
