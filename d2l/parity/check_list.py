"""All checks of trials by name, and which of them apply to a trial."""

from __future__ import annotations

from collections.abc import Callable

from d2l import trials
from d2l.parity import checks
from d2l.parity.checks import TRUTH
from d2l.parity.measure import Measurement
from d2l.parity.oracles import models
from d2l.parity.oracles.checks import check_oracle, check_oracle_curve
from d2l.trials import Trial

CHECKS: dict[str, Callable[..., list[Measurement]]] = checks.CHECKS | {
    "oracle": check_oracle,
    "oracle curve": check_oracle_curve,
}


def oracle_checks_of(trial: Trial) -> list[tuple[str, dict[str, str]]]:
    """Those against NumPy: as many as the trial's model is short enough for."""
    model = models.find(trial)
    found: list[tuple[str, dict[str, str]]] = []
    if model is not None:
        found.append(("oracle", {}))
        if model.gradients is not None:
            found += [
                ("oracle curve", {"optimizer": name}) for name in trial.optimizers
            ]
    return found


def checks_of(
    trial_name: str, framework: str, precision: str, reference: str
) -> list[tuple[str, dict[str, str]]]:
    """The names and further arguments of the checks that apply to a trial.

    The reference in float64 is the truth itself: what is left to check there is
    that its versions from scratch and concise agree.
    """
    trial = trials.find(trial_name)
    found: list[tuple[str, dict[str, str]]] = []
    if (framework, precision) != (reference, TRUTH):
        found += [(n, {}) for n in ("data", "weights", "forward", "gradients")]
        for check in ("update", "curve"):
            found += [(check, {"optimizer": name}) for name in trial.optimizers]
    if trial.scratch is not None:
        found.append(("scratch", {}))
    return found + oracle_checks_of(trial)
