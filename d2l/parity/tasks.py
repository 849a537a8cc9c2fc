"""What a backend process can be asked to do.

A task takes the session, its arguments and named arrays, and returns a result
for JSON and named arrays. Arrays are canonical on the way in and out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from d2l.common.progress_board import CurveRecorder
from d2l.parity.session import LimitedData, Prepared, Session
from d2l.trials import OptimizerChoice

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


def named(session: Session, name: str, value: Any) -> Arrays:
    """The tensors of a nested output by name: `output`, or `output.0` and so on."""
    if isinstance(value, tuple | list):
        return {
            label: array
            for i, part in enumerate(value)
            for label, array in named(session, f"{name}.{i}", part).items()
        }
    return {} if value is None else {name: canonical(session, value)}


def all_named(session: Session, outputs: dict[str, Any]) -> Arrays:
    """The same for several outputs."""
    return {
        label: array
        for name, value in outputs.items()
        for label, array in named(session, name, value).items()
    }


@task
def shapes(session: Session, arrays: Arrays, trial: str, data: str | None) -> Result:
    """The canonical names and shapes of a model's tensors."""
    model = session.prepare(trial, data).model
    slots = list(session.backend.slots(model))
    found = {slot.name: list(slot.canonical().shape) for slot in slots}
    trainable = [slot.name for slot in slots if slot.trainable]
    return {"shapes": found, "trainable": trainable}, {}


@task
def batches(
    session: Session, arrays: Arrays, trial: str, data: str | None, steps: int | None
) -> Result:
    """The first batches of a trial's data.

    steps: how many, and a few for validation; None stands for all of them, and
    one more of the second epoch, which has another order.
    """
    prepared = session.prepare(trial, data)
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
    trial: str,
    data: str | None = None,
    seed: int = 0,
) -> Result:
    """Outputs and those of the parts, in training and in evaluation mode."""
    prepared = session.prepare(trial, data, seed, select(arrays, "weights"))
    *inputs, _ = _batch(session, prepared, arrays)
    found: Arrays = {}
    for mode in ("training", "evaluation"):
        with session.parity_mode():
            output, parts = session.backend.forward(
                prepared.model, inputs, training=mode == "training"
            )
        found |= prefixed(mode, all_named(session, {"output": output} | parts))
    return {}, found


@task
def gradients(
    session: Session,
    arrays: Arrays,
    trial: str,
    data: str | None = None,
    seed: int = 0,
) -> Result:
    """The loss of a batch, and its gradients by parameters and inputs."""
    prepared = session.prepare(trial, data, seed, select(arrays, "weights"))
    batch = _batch(session, prepared, arrays)
    if prepared.trial.textured:
        batch[0] = _with_noise(session, batch[0])
    with session.parity_mode():
        found = session.backend.gradients(prepared.model, prepared.model.loss, batch)
    inputs = {str(i): g for i, g in enumerate(found.inputs)}
    loss = {"loss": np.array(found.loss)}
    gradients = prefixed("parameter", found.parameters) | prefixed("input", inputs)
    return {}, loss | gradients


def _with_noise(session: Session, tensor: Any) -> Any:
    array = canonical(session, tensor)
    noise = 0.1 * np.random.default_rng(0).standard_normal(array.shape)
    return session.backend.input_tensor(array + noise)


@task
def weights(session: Session, arrays: Arrays, trial: str) -> Result:
    """What a model gives back after the weights were loaded into it."""
    model = session.prepare(trial, weights=select(arrays, "weights")).model
    return {}, session.backend.weights(model)


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
    """Train for `steps` steps through Trainer.fit; every loss, and how it ended."""
    choice = OptimizerChoice(**optimizer) if optimizer else None
    weights = select(arrays, "weights")
    prepared = session.prepare(trial, None, seed, weights, choice, arguments)
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
