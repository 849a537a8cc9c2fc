"""A trial in one framework against its NumPy oracle."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from d2l.common.mask_stream import MaskStream
from d2l.common.weights import Arrays
from d2l.parity.checks import Checker, rounded_to, same_precision
from d2l.parity.measure import Measurement, measure_all
from d2l.parity.observed import prefixed, select
from d2l.parity.oracles import models
from d2l.parity.oracles.differentiate import derivative
from d2l.parity.oracles.models import ModelOracle
from d2l.parity.oracles.training import Batch, fit, optimizer_of
from d2l.parity.session import MASK_SEED
from d2l.parity.tolerances import tolerance
from d2l.trials import OPTIMIZERS, OptimizerChoice, Trial

REFERENCE = "NumPy"
#: In how many random directions each gradient is compared. A derivative along
#: one direction is one evaluation, a whole gradient one for every element.
DIRECTIONS = 3
#: What is compared after a training, and the kind of tolerance for it.
PARTS = {"curve": "curve", "parameter": "parameters", "optimizer": "parameters"}


def check_oracle(
    checker: Checker, framework: str, precision: str, trial: Trial
) -> list[Measurement]:
    """Outputs, the loss, and gradients along random directions."""
    model = _find(trial)
    run = _Runner(checker, framework, precision, trial)
    weights, ((X, y), *_), _ = run.weights(), *run.batches(1)
    arrays = prefixed("weights", weights)
    outputs = run.task("forward", arrays, seed=checker.seed)
    gradients = run.task("gradients", arrays, seed=checker.seed)
    expected = {
        "training.output": model.forward(weights, X, MaskStream(MASK_SEED)),
        "evaluation.output": model.forward(weights, X, None),
    }
    actual = {name: outputs[name] for name in expected}
    loss = model.loss(expected["training.output"], y, weights)
    slopes = _slopes(model, weights, X, y, gradients)
    return [
        *run.measure("forward", actual, expected),
        *run.measure("gradients", {"loss": gradients["loss"]}, {"loss": loss}),
        *run.measure("gradients", *slopes),
    ]


def check_oracle_curve(
    checker: Checker,
    framework: str,
    precision: str,
    trial: Trial,
    optimizer: str | OptimizerChoice = "default",
    clip: float = 0.0,
    steps: int | None = None,
) -> list[Measurement]:
    """Every loss of a training, where it ends, and the optimizer's state.

    optimizer: one of OPTIMIZERS, or any other; steps: the checker's, unless given.
    """
    steps = checker.steps if steps is None else steps
    choice = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else optimizer
    model = _find(trial)
    run = _Runner(checker, framework, precision, trial)
    weights, batches = run.weights(), run.batches(steps)
    arguments = {"seed": checker.seed, "steps": steps, "clip": clip}
    named = None if choice is None else dataclasses.asdict(choice)
    arrays = prefixed("weights", weights)
    actual = run.task("curve", arrays, optimizer=named, **arguments)
    step = optimizer_of(trial, choice)
    expected = fit(model, weights, batches, step, clip, trial.metric == "acc")
    results = []
    for part, kind in PARTS.items():
        pair = select(actual, part), select(expected, part)
        results += run.measure(kind, *pair, steps=steps)
    return results


@dataclasses.dataclass
class _Runner:
    """A trial in one framework and precision."""

    checker: Checker
    framework: str
    precision: str
    trial: Trial

    def task(self, name: str, arrays: Arrays, **arguments: Any) -> Arrays:
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
        return {k: _exactly(rounded_to(self.precision, v)) for k, v in given.items()}

    def batches(self, steps: int) -> tuple[list[Batch], list[Batch]]:
        """For training and validation, the framework's own.

        A difference in them is the data check's business.
        """
        found = self.task("batches", {}, data=None, steps=steps)
        return _batches(select(found, "train")), _batches(select(found, "val"))

    def measure(
        self, kind: str, actual: Arrays, expected: Arrays, steps: int = 1
    ) -> list[Measurement]:
        limit = tolerance(kind, self.precision, steps=steps, smooth=self.trial.smooth)
        names = (self.framework, REFERENCE, f"oracle: {kind}")
        if kind == "forward":
            expected = {k: rounded_to(self.precision, v) for k, v in expected.items()}
        else:
            actual, expected = same_precision(actual, expected)
        return measure_all(names, actual, expected, limit)


def _find(trial: Trial) -> ModelOracle:
    found = models.find(trial)
    if found is None:
        raise ValueError(f"{trial.name} has no oracle")
    return found


def _batches(arrays: Arrays) -> list[Batch]:
    """Inputs and labels of every batch, from names like `3.0` and `3.1`."""
    count = len({name.partition(".")[0] for name in arrays})
    return [[_exactly(arrays[f"{i}.{j}"]) for j in range(2)] for i in range(count)]


def _exactly(array: np.ndarray) -> np.ndarray:
    is_float = np.issubdtype(array.dtype, np.floating)
    return array.astype(np.float64) if is_float else array


def _slopes(
    model: ModelOracle, weights: Arrays, X: np.ndarray, y: np.ndarray, given: Arrays
) -> tuple[Arrays, Arrays]:
    """Derivatives along random directions: by the given gradients, and by the oracle.

    For every parameter, and for the inputs.
    """
    names = list(weights)

    def loss(*arguments: np.ndarray) -> np.ndarray:
        *parameters, inputs = arguments
        own = dict(zip(names, parameters, strict=True))
        output = model.forward(own, inputs, MaskStream(MASK_SEED))
        return model.loss(output, y, own)

    arguments = [*weights.values(), X]
    labels = [*(f"parameter.{name}" for name in names), "input.0"]
    actual, expected = {}, {}
    for position, label in enumerate(labels):
        value = arguments[position]
        directions = _directions(value.shape)
        if label in given:
            actual[label] = np.array([(given[label] * d).sum() for d in directions])
        expected[label] = np.array(
            [derivative(loss, arguments, position, d) for d in directions]
        )
    return actual, expected


def _directions(shape: tuple[int, ...]) -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.standard_normal(shape) for _ in range(DIRECTIONS)]
