"""A trial in one framework against its NumPy oracle."""

from __future__ import annotations

import dataclasses

import numpy as np

from d2l.common.training.mask_stream import MaskStream
from d2l.common.weights import Arrays
from d2l.parity.checks import Checker
from d2l.parity.measure import Measurement
from d2l.parity.oracles import models
from d2l.parity.oracles.differentiate import derivative
from d2l.parity.oracles.models import ModelOracle
from d2l.parity.oracles.runs import OracleRun
from d2l.parity.oracles.training import Batch, fit, optimizer_of
from d2l.parity.session import MASK_SEED
from d2l.trials import OPTIMIZERS, OptimizerChoice, Trial
from d2l.trials.observed import prefixed, select

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
    run = OracleRun(checker, framework, precision, trial)
    weights, ((X, y), *_), _ = run.weights(), *_both(run, 1)
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

    optimizer: one of OPTIMIZERS, or any other.
    steps: the checker's, unless given.
    """
    steps = checker.steps if steps is None else steps
    choice = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else optimizer
    model = _find(trial)
    run = OracleRun(checker, framework, precision, trial)
    weights, batches = run.weights(), _both(run, steps)
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


def _find(trial: Trial) -> ModelOracle:
    found = models.find(trial)
    if found is None:
        raise ValueError(f"{trial.name} has no oracle")
    return found


def _both(run: OracleRun, steps: int) -> tuple[list[Batch], list[Batch]]:
    """The batches for training and those for validation."""
    found = run.first_batches(steps)
    return _batches(select(found, "train")), _batches(select(found, "val"))


def _batches(arrays: Arrays) -> list[Batch]:
    """Inputs and labels of every batch, from names like `3.0` and `3.1`."""
    count = len({name.partition(".")[0] for name in arrays})
    return [[arrays[f"{i}.{j}"] for j in range(2)] for i in range(count)]


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
