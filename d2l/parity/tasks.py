"""What a backend process can be asked to do.

A task takes the session, its arguments and named arrays, and returns a result
for JSON and named arrays. Arrays are canonical on the way in and out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from d2l.common import trees
from d2l.common.plots.progress_board import CurveRecorder
from d2l.parity.session import Session
from d2l.trials import OptimizerChoice, Prepared, Training
from d2l.trials.observed import prefixed, select

Arrays = dict[str, np.ndarray]
Result = tuple[dict[str, Any], Arrays]
Task = Callable[..., Result]

TASKS: dict[str, Task] = {}


def task(function: Task) -> Task:
    """Make a function a task under its own name."""
    TASKS[function.__name__] = function
    return function


def _prepared(session: Session, arrays: Arrays, trial: str, **start: Any) -> Prepared:
    """A trial that starts from the given weights, `weights.*`."""
    return session.prepare(trial, weights=select(arrays, "weights"), **start)


def _batch(arrays: Arrays, batch: Any) -> Any:
    """A given batch, packed by `trees.pack`, its arrays as `batch.*`."""
    return None if batch is None else trees.unpack(batch, select(arrays, "batch"))


@task
def shapes(session: Session, arrays: Arrays, trial: str, data: str | None) -> Result:
    """The canonical names and shapes of all tensors of a trial."""
    slots = list(session.prepare(trial, data).slots())
    found = {slot.name: list(slot.canonical().shape) for slot in slots}
    trainable = [slot.name for slot in slots if slot.trainable]
    return {"shapes": found, "trainable": trainable}, {}


@task
def batches(
    session: Session, arrays: Arrays, trial: str, data: str | None, steps: int | None
) -> Result:
    """The first batches of a trial's data; all of them, and one more, for None."""
    return {}, session.prepare(trial, data).batches(steps)


@task
def forward(
    session: Session,
    arrays: Arrays,
    trial: str,
    data: str | None = None,
    seed: int = 0,
    batch: Any = None,
) -> Result:
    """Outputs and those of the parts, in training and in evaluation mode."""
    prepared = _prepared(session, arrays, trial, data=data, seed=seed)
    return {}, prepared.forward(_batch(arrays, batch))


@task
def gradients(
    session: Session,
    arrays: Arrays,
    trial: str,
    data: str | None = None,
    seed: int = 0,
    batch: Any = None,
) -> Result:
    """The loss of a training step, and its gradients by parameters and inputs."""
    prepared = _prepared(session, arrays, trial, data=data, seed=seed)
    return {}, prepared.gradients(_batch(arrays, batch))


@task
def weights(session: Session, arrays: Arrays, trial: str) -> Result:
    """What a trial's models give back after the weights were loaded into them."""
    return {}, _prepared(session, arrays, trial).weights()


@task
def curve(
    session: Session,
    arrays: Arrays,
    trial: str,
    seed: int = 0,
    steps: int = 20,
    optimizer: dict[str, Any] | None = None,
    clip: float = 0,
    arguments: dict[str, Any] | None = None,
) -> Result:
    """Train for `steps` steps; every curve, what is returned, and how it ended.

    Of a model also how it was after the first step, `updated.*`.
    """
    choice = OptimizerChoice(**optimizer) if optimizer else None
    start = {"seed": seed, "optimizer": choice, "arguments": arguments}
    prepared = _prepared(session, arrays, trial, **start)
    board = CurveRecorder()
    with session.parity_mode():
        training = Training(board=board, steps=steps, clip=clip, first_step=True)
        found = prepared.train(training)
    board.flush()
    curves = {label: np.array(values) for label, values in board.curves.items()}
    return {}, (
        prefixed("curve", curves) | prefixed("parameter", prepared.weights()) | found
    )
