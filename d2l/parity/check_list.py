"""All checks of trials by name, and which of them apply to a trial."""

from __future__ import annotations

from collections.abc import Callable

from d2l.parity import checks
from d2l.parity.checks import TRUTH
from d2l.parity.measure import Measurement
from d2l.parity.oracles import models
from d2l.parity.oracles.checks import check_oracle, check_oracle_curve
from d2l.parity.oracles.traces import TRACES, check_trace
from d2l.parity.scratch import check_scratch
from d2l.trials import Trial

CHECKS: dict[str, Callable[..., list[Measurement]]] = checks.CHECKS | {
    "scratch": check_scratch,
    "oracle": check_oracle,
    "oracle curve": check_oracle_curve,
    "trace": check_trace,
}


def oracle_checks_of(trial: Trial) -> list[tuple[str, dict[str, str]]]:
    """Those against NumPy: as many as there is an oracle short enough for."""
    model = models.find(trial)
    found: list[tuple[str, dict[str, str]]] = []
    if model is not None:
        found.append(("oracle", {}))
        if model.gradients is not None:
            found += [
                ("oracle curve", {"optimizer": name}) for name in trial.optimizers
            ]
    if trial.name in TRACES:
        found.append(("trace", {}))
    return found


def all_checks_of(trial: Trial) -> list[tuple[str, dict[str, str]]]:
    """Every check that there is for a trial in some framework."""
    return trial.checks() + trial.own_checks() + oracle_checks_of(trial)


def checks_of(
    trial: Trial, framework: str, precision: str, reference: str
) -> list[tuple[str, dict[str, str]]]:
    """The names and further arguments of the checks that apply to a trial.

    The reference in float64 is the truth itself: what is left to check there is
    that its versions from scratch and concise agree.
    """
    found: list[tuple[str, dict[str, str]]] = []
    if (framework, precision) != (reference, TRUTH):
        found += trial.checks()
    return found + trial.own_checks() + oracle_checks_of(trial)
