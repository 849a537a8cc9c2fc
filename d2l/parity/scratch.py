"""The check of the book's two versions of a model against each other."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from d2l.common.weights import Arrays
from d2l.parity.checks import Checker
from d2l.parity.measure import Measurement, measure_all
from d2l.parity.run import step_losses
from d2l.parity.tolerances import tolerance
from d2l.trials import ScratchTwin, Trial
from d2l.trials.observed import prefixed, select


def check_scratch(
    checker: Checker, framework: str, precision: str, trial: Trial
) -> list[Measurement]:
    """The book's two versions of a model, against each other in one framework."""
    twin = getattr(trial, "scratch", None)
    if twin is None:
        raise ValueError(f"{trial.name} has no version from scratch")
    run = (framework, precision, "curve")
    shared: dict[str, Any] = {"seed": checker.seed, "steps": checker.steps}
    weights = checker.weights(trial)
    concise = checker.run(*run, weights, trial=trial.key, **shared)
    own = prefixed("weights", _of_twin(twin, select(weights, "weights")))
    shared |= {"trial": twin.trial, "arguments": dict(twin.arguments)}
    scratch = checker.run(*run, own, **shared)
    trained = _of_twin(twin, select(concise, "parameter"))
    for name in list(trained):
        if any(fnmatchcase(name, pattern) for pattern in twin.differing):
            del trained[name]
    expected = prefixed("parameter", trained)
    if twin.loss_factor is not None:
        labels = trial.step_curves
        scratch["loss"] = step_losses(select(scratch, "curve"), labels)
        losses = step_losses(select(concise, "curve"), labels)
        expected["loss"] = losses * twin.loss_factor
    limit = tolerance("curve", precision, steps=checker.steps, smooth=trial.smooth)
    names = (framework, f"{framework} concise", "scratch = concise")
    return measure_all(names, {k: scratch[k] for k in expected}, expected, limit)


def _of_twin(twin: ScratchTwin, arrays: Arrays) -> Arrays:
    """A model's tensors, as its version from scratch names and lays them out."""
    return {
        name: arrays[source].T if transposed else arrays[source]
        for name, (source, transposed) in twin.weights.items()
    }
