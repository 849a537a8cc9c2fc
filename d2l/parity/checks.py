"""The checks: a trial in one framework against the reference.

Each returns measurements, one for each tensor; `require` makes an error of those
that fail.

The truth is the reference framework in float64: a float32 run is measured
against it too, the reference's own float32 run included.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from d2l.common.errors import D2LError
from d2l.common.weights import Arrays
from d2l.parity.initial_weights import initial_weights
from d2l.parity.measure import (
    Measurement,
    measure_all,
    rounded_to,
    same_precision,
)
from d2l.parity.memory import Memory
from d2l.parity.pool import Pool
from d2l.parity.rounding import measure_trained, rounding_scales
from d2l.parity.tolerances import judged_steps, tolerance
from d2l.trials import OPTIMIZERS, Trial
from d2l.trials.observed import prefixed, select

TRUTH = "float64"
#: What a training leaves behind, and the kind of tolerance for it.
TRAINED = {"curve": "curve", "returned": "curve", "parameter": "parameters"}


class ParityError(AssertionError):
    """Frameworks disagree; the message has a line for each tensor."""


def require(measurements: Iterable[Measurement]) -> list[Measurement]:
    """Raise a ParityError unless every measurement passed; at least one is due."""
    measurements = list(measurements)
    if not measurements:
        raise ParityError("nothing was compared")
    failed = [str(m) for m in measurements if not m.passed]
    if failed:
        raise ParityError("\n".join(failed))
    return measurements


class Checker:
    """Runs checks in the processes of a pool; remembers what they answered.

    keeps_all: not only the reference's truth: where all processes stay as they are.
    """

    def __init__(
        self,
        pool: Pool,
        reference: str = "torch",
        steps: int = 20,
        seed: int = 0,
        keeps_all: bool = False,
    ):
        self.pool, self.reference = pool, reference
        self.steps, self.seed = steps, seed
        self._weights: dict[str, Arrays] = {}
        self._memory = Memory((reference, TRUTH), keeps_all)

    def weights(self, trial: Trial) -> Arrays:
        """What a trial starts from, as `weights.*`, whatever the framework."""
        if trial.key not in self._weights:
            shapes = {"trial": trial.key, "data": None}
            result, _ = self.pool.run(self.reference, TRUTH, "shapes", **shapes)
            found = {k: tuple(v) for k, v in result["shapes"].items()}
            filled = initial_weights(found, self.seed)
            self._weights[trial.key] = prefixed("weights", filled)
        return self._weights[trial.key]

    def run(
        self, framework: str, precision: str, task: str, arrays: Arrays, **kwargs: Any
    ) -> Arrays:
        """Run a task, unless the answer is remembered."""
        run = framework, precision
        key = self._memory.key(run, task, arrays, kwargs)
        found = self._memory.find(key)
        if found is None:
            try:
                _, found = self.pool.run(*run, task, arrays, **kwargs)
            except D2LError as error:  # such as weights that do not fit
                raise type(error)(f"{framework}: {error}") from error
            self._memory.keep(key, run, task, found)
        return found

    def both(
        self, framework: str, precision: str, task: str, trial: Trial, **kwargs: Any
    ) -> tuple[Arrays, Arrays]:
        """A task's results in the framework and in truth, rounded to `precision`."""
        arrays = self.weights(trial)
        kwargs = {"trial": trial.key, "seed": self.seed, **kwargs}
        truth = self.run(self.reference, TRUTH, task, arrays, **kwargs)
        rounded = {name: rounded_to(precision, a) for name, a in truth.items()}
        return self.run(framework, precision, task, arrays, **kwargs), rounded

    def check_data(
        self, framework: str, precision: str, trial: Trial
    ) -> list[Measurement]:
        """The same examples in the same batches, for all of an epoch."""
        arguments = {"trial": trial.key, "data": None, "steps": None}
        actual = self.run(framework, precision, "batches", {}, **arguments)
        expected = self.run(self.reference, TRUTH, "batches", {}, **arguments)
        expected = {name: rounded_to(precision, a) for name, a in expected.items()}
        names = (framework, self.reference, "data")
        return measure_all(names, actual, expected, tolerance("data", precision))

    def check_weights(
        self, framework: str, precision: str, trial: Trial
    ) -> list[Measurement]:
        """Weights carried into a model come out unchanged: exactly."""
        given = self.weights(trial)
        actual = self.run(framework, precision, "weights", given, trial=trial.key)
        expected = {
            name: rounded_to(precision, a)
            for name, a in select(given, "weights").items()
        }
        names = (framework, "the weights given", "weights")
        return measure_all(names, actual, expected, tolerance("exact", "any"))

    def check_forward(
        self, framework: str, precision: str, trial: Trial
    ) -> list[Measurement]:
        """Outputs and those of the parts, training and evaluating."""
        actual, expected = self.both(framework, precision, "forward", trial)
        names = (framework, self.reference, "forward")
        return measure_all(names, actual, expected, tolerance("forward", precision))

    def check_gradients(
        self, framework: str, precision: str, trial: Trial
    ) -> list[Measurement]:
        """The loss of a batch and its gradients, by parameters and inputs."""
        actual, expected = self.both(framework, precision, "gradients", trial)
        # A loss that was handed over as a Python float has no precision.
        actual["loss"] = rounded_to(precision, actual["loss"])
        names = (framework, self.reference, "gradients")
        limit = tolerance("gradients", precision)
        scales = rounding_scales(trial, expected)
        return measure_all(names, actual, expected, limit, scales)

    def check_update(
        self, framework: str, precision: str, trial: Trial, optimizer: str
    ) -> list[Measurement]:
        """Parameters and the optimizer's state after the first step of a training."""
        actual, expected, _ = self._train(framework, precision, trial, optimizer)
        actual, expected = select(actual, "updated"), select(expected, "updated")
        limit = tolerance("update", precision)
        return [
            m
            for part in ("parameter", "optimizer")
            for m in measure_trained(
                (framework, self.reference, f"update by {optimizer}: {part}"),
                trial,
                *same_precision(select(actual, part), select(expected, part)),
                limit,
                precision,
            )
        ]

    def check_curve(
        self,
        framework: str,
        precision: str,
        trial: Trial,
        optimizer: str = "default",
        clip: float = 0,
    ) -> list[Measurement]:
        """Every loss and metric of N steps through Trainer.fit, and where they end."""
        where = framework, precision, trial, optimizer, clip
        actual, expected, steps = self._train(*where)
        results = []
        for part, kind in TRAINED.items():
            limit = tolerance(kind, precision, steps=steps, smooth=trial.smooth)
            fewer = f" over {steps} steps" if steps < self.steps else ""
            names = (framework, self.reference, f"{kind} with {optimizer}{fewer}")
            pair = same_precision(select(actual, part), select(expected, part))
            results += measure_trained(names, trial, *pair, limit, precision)
        return results

    def _train(
        self,
        framework: str,
        precision: str,
        trial: Trial,
        optimizer: str,
        clip: float = 0,
    ) -> tuple[Arrays, Arrays, int]:
        """A training in the framework and in truth, and of how many steps it is."""
        steps = self.steps
        if precision != TRUTH:
            steps = min(steps, judged_steps(trial, precision))
        arguments = {
            "steps": steps,
            "optimizer": optimizer_argument(optimizer),
            "clip": clip,
        }
        return *self.both(framework, precision, "curve", trial, **arguments), steps


#: Checks by name, as the command line and the evidence call them.
CHECKS: dict[str, Callable[..., list[Measurement]]] = {
    "data": Checker.check_data,
    "weights": Checker.check_weights,
    "forward": Checker.check_forward,
    "gradients": Checker.check_gradients,
    "update": Checker.check_update,
    "curve": Checker.check_curve,
}


def optimizer_argument(name: str) -> dict[str, Any] | None:
    """One of OPTIMIZERS as a task takes it."""
    choice = OPTIMIZERS[name]
    return None if choice is None else dataclasses.asdict(choice)
