"""What a backend process can be asked to do.

A task takes the session, its arguments and named arrays, and returns a result
for JSON and named arrays. Arrays are canonical on the way in and out.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from d2l.common.progress_board import CurveRecorder
from d2l.parity.session import LimitedData, Prepared, Session
from d2l.recipes import OptimizerChoice

Arrays = dict[str, np.ndarray]
Result = tuple[dict[str, Any], Arrays]
Task = Callable[..., Result]

TASKS: dict[str, Task] = {}


def task(function: Task) -> Task:
    """Make a function a task under its own name."""
    TASKS[function.__name__] = function
    return function


def prefixed(prefix: str, arrays: Arrays) -> Arrays:
    """The arrays with `prefix.` before their names."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def select(arrays: Arrays, prefix: str) -> Arrays:
    """The arrays whose names begin with `prefix.`, without it."""
    start = f"{prefix}."
    return {k[len(start) :]: v for k, v in arrays.items() if k.startswith(start)}


def _batch(session: Session, prepared: Prepared, arrays: Arrays) -> list[Any]:
    """A given batch as tensors, or the first one of the data."""
    if "labels" not in arrays:
        return prepared.batch
    inputs = [v for k, v in sorted(arrays.items()) if k.startswith("inputs.")]
    return [session.backend.input_tensor(a) for a in [*inputs, arrays["labels"]]]


def canonical(session: Session, tensor: Any) -> np.ndarray:
    """A tensor's values, images in the canonical layout."""
    return session.backend.canonical(session.backend.to_numpy(tensor))


@task
def shapes(session: Session, arrays: Arrays, recipe: str, data: str | None) -> Result:
    """The canonical names and shapes of a model's tensors."""
    model = session.prepare(recipe, data).model
    slots = list(session.backend.slots(model))
    found = {slot.name: list(slot.canonical().shape) for slot in slots}
    trainable = [slot.name for slot in slots if slot.trainable]
    return {"shapes": found, "trainable": trainable}, {}


@task
def batches(
    session: Session, arrays: Arrays, recipe: str, data: str | None, steps: int | None
) -> Result:
    """The first batches of a recipe's data.

    steps: how many, and a few for validation; None stands for all of them, and
    one more of the second epoch, which has another order.
    """
    prepared = session.prepare(recipe, data)
    found: Arrays = {}
    source = prepared.data if steps is None else LimitedData(prepared.data, steps)
    for kind in ("train", "val"):
        loader = getattr(source, f"{kind}_dataloader")()
        if loader is not None and steps is None:
            found[f"{kind}.length"] = np.array(len(loader))
            # The whole epoch first: iterators are what a loader counts epochs by.
            loader = [*loader, next(iter(loader))]
        for i, batch in enumerate(loader or []):
            for j, part in enumerate(batch):
                found[f"{kind}.{i}.{j}"] = canonical(session, part)
    return {}, found


@task
def forward(
    session: Session,
    arrays: Arrays,
    recipe: str,
    data: str | None = None,
    seed: int = 0,
) -> Result:
    """Outputs and those of the parts, in training and in evaluation mode."""
    prepared = session.prepare(recipe, data, seed, select(arrays, "weights"))
    *inputs, _ = _batch(session, prepared, arrays)
    found: Arrays = {}
    for mode in ("training", "evaluation"):
        with session.parity_mode():
            output, parts = session.backend.forward(
                prepared.model, inputs, training=mode == "training"
            )
        named = {"output": output} | parts
        found |= prefixed(mode, {k: canonical(session, v) for k, v in named.items()})
    return {}, found


@task
def gradients(
    session: Session,
    arrays: Arrays,
    recipe: str,
    data: str | None = None,
    seed: int = 0,
) -> Result:
    """The loss of a batch, and its gradients by parameters and inputs."""
    prepared = session.prepare(recipe, data, seed, select(arrays, "weights"))
    batch = _batch(session, prepared, arrays)
    with session.parity_mode():
        found = session.backend.gradients(prepared.model, prepared.model.loss, batch)
    inputs = {str(i): g for i, g in enumerate(found.inputs)}
    loss = {"loss": np.array(found.loss)}
    named = prefixed("parameter", found.parameters) | prefixed("input", inputs)
    return {}, loss | named


@task
def weights(session: Session, arrays: Arrays, recipe: str) -> Result:
    """What a model gives back after the weights were loaded into it."""
    model = session.prepare(recipe, weights=select(arrays, "weights")).model
    return {}, session.backend.weights(model)


@task
def curve(
    session: Session,
    arrays: Arrays,
    recipe: str,
    seed: int = 0,
    steps: int = 20,
    optimizer: dict[str, Any] | None = None,
    clip: float = 0,
    arguments: dict[str, Any] | None = None,
) -> Result:
    """Train for `steps` steps through Trainer.fit; every loss, and how it ended."""
    choice = OptimizerChoice(**optimizer) if optimizer else None
    weights = select(arrays, "weights")
    prepared = session.prepare(recipe, None, seed, weights, choice, arguments)
    prepared.model.board = board = CurveRecorder()
    trainer = session.namespace.Trainer(max_epochs=1, gradient_clip_val=clip)
    with session.parity_mode():
        trainer.fit(prepared.model, LimitedData(prepared.data, steps))
    curves = {label: np.array(values) for label, values in board.curves.items()}
    backend = session.backend
    return {}, (
        prefixed("curve", curves)
        | prefixed("parameter", backend.weights(prepared.model))
        | prefixed("optimizer", backend.optimizer_state(prepared.model, trainer.optim))
    )


@task
def train(
    session: Session,
    arrays: Arrays,
    report: Callable[[dict[str, Any]], None],
    recipe: str,
    data: str | None = None,
    seed: int = 0,
    epochs: int | None = None,
    checkpoint: str | None = None,
) -> Result:
    """Train a recipe in full, timed; `report` is told about every step.

    checkpoint: a file to resume from, and to write to after every epoch.
    """
    prepared = session.prepare(recipe, data, seed, select(arrays, "weights") or None)
    found = prepared.recipe
    if found.optimizer is not None:
        session.use_optimizer(prepared.model, found.optimizer)
    trainer = session.namespace.Trainer(max_epochs=epochs or found.epochs)
    board = ReportingRecorder(trainer, report)
    prepared.model.board = board
    start = time.perf_counter()
    with session.parity_mode():
        trainer.fit(prepared.model, prepared.data, checkpoint=checkpoint)
    result = _facts(session, trainer, board, start)
    curves = {k: np.array(v) for k, v in board.curves.items()}
    weights = session.backend.weights(prepared.model)
    return result, prefixed("curve", curves) | prefixed("parameter", weights)


def _facts(
    session: Session, trainer: Any, board: CurveRecorder, start: float
) -> dict[str, Any]:
    """What there is to say of a training that began at the time `start`."""
    # None at all, where the checkpoint had reached the last epoch already.
    stamps = board.seconds.get("train_loss", [])
    slots = list(session.backend.slots(trainer.model))
    return {
        "version": session.backend.version(),
        "parameters": sum(s.canonical().size for s in slots if s.trainable),
        "steps": len(stamps),
        "num_val_batches": trainer.num_val_batches,
        **_timing(stamps, start),
        "seconds": time.perf_counter() - start,
        "peak_memory_mib": peak_memory_mib(),
    }


class ReportingRecorder(CurveRecorder):
    """A recorder that waits for every value and tells how far training is."""

    def __init__(self, trainer: Any, report: Callable[[dict[str, Any]], None]):
        super().__init__(synchronise=True)
        self.owner, self.report = trainer, report
        # A resumed training begins at a later one; known with the first value.
        self.first_epoch: int | None = None

    def draw(self, x: Any, y: Any, label: str, every_n: int = 1) -> None:
        """Record a value and report it."""
        super().draw(x, y, label, every_n)
        if self.first_epoch is None:
            self.first_epoch = self.owner.epoch
        if label == "train_loss":
            epochs = self.owner.max_epochs - self.first_epoch
            steps = epochs * self.owner.num_train_batches
            done = len(self.curves[label])
            loss = self.curves[label][-1]
            self.report({"step": done, "steps": steps, "loss": loss})


def _timing(stamps: list[float], start: float) -> dict[str, float | None]:
    """Milliseconds of the first step, with its compilation, and of a later one."""
    if not stamps:
        return {"first_step_ms": None, "step_ms": None}
    later = np.diff(stamps)
    # The median: a pause for validation lies between two epochs' steps.
    step = float(np.median(later)) if len(later) else stamps[0] - start
    return {"first_step_ms": 1e3 * (stamps[0] - start), "step_ms": 1e3 * step}


def peak_memory_mib() -> float:
    """The largest memory this process has had, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # In bytes on macOS, in KiB elsewhere.
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
