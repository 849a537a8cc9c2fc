"""Tasks on a reader's own models, which a factory function makes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from d2l.common import trees
from d2l.common.axes import Axes
from d2l.common.errors import D2LError
from d2l.common.python_files import load_file
from d2l.parity.session import Session
from d2l.parity.tasks import Arrays, Result, task
from d2l.trials.observed import (
    observed_parts,
    observed_tree,
    prefixed,
    select,
    tensors,
)

LOSSES = ("cross_entropy", "squared")


def load_factory(spec: str) -> Callable[[], Any]:
    """The function that `file.py:name` or `package.module:name` names."""
    place, separator, name = spec.rpartition(":")
    if not separator:
        raise D2LError(f"{spec!r} does not name a function: write FILE.py:FUNCTION.")
    if place.endswith(".py"):
        # A file's neighbours can be imported, as when Python runs it.
        sys.path.insert(0, str(Path(place).resolve().parent))
        module = load_file(place)
    else:
        module = _import(place)
    try:
        return getattr(module, name)
    except AttributeError:
        raise D2LError(f"{place} has no function {name}.") from None


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise D2LError(f"There is no module {name} ({error}).") from None


def loss_function(session: Session, spec: str) -> Callable[[Any, Any], Any]:
    """A loss by name and path: a function of outputs and labels, in the framework."""
    name, _, path = spec.partition(":")
    if name == "cross_entropy":
        loss = session.namespace.Classifier().loss
    elif name == "squared":
        mean = session.namespace.reduce_mean

        def loss(y_hat: Any, y: Any) -> Any:
            return mean((y_hat - y) ** 2)
    else:
        raise D2LError(f"There is no loss {name!r}: choose {' or '.join(LOSSES)}.")
    return lambda outputs, y: loss(_chosen(outputs, path), y)


def _chosen(outputs: Any, path: str) -> Any:
    """The one array of a model's output that the loss takes."""
    found = dict(trees.leaves(outputs))
    if path not in found:
        names = ", ".join(found)
        raise D2LError(
            f"The output has no {path!r}: name what the loss takes, as in "
            f"cross_entropy:PATH, one of {names}."
        )
    return found[path]


def _make(
    session: Session, spec: str, arrays: Arrays, batch: Any, axes: Axes
) -> tuple[Any, Any]:
    """The model, which has seen the batch, and the batch as tensors."""
    session.backend.seed(0)
    model = load_factory(spec)()
    own = tensors(session, trees.unpack(batch, select(arrays, "batch")), axes)
    session.backend.forward(model, own["inputs"], training=False)
    return model, own


@task
def model_shapes(
    session: Session, arrays: Arrays, spec: str, batch: Any, axes: dict[str, str]
) -> Result:
    """The canonical names and shapes of a model's tensors, in its order."""
    model, _ = _make(session, spec, arrays, batch, axes)
    slots = session.backend.slots(model)
    return {"shapes": {s.name: list(s.canonical().shape) for s in slots}}, {}


@task
def model_run(
    session: Session,
    arrays: Arrays,
    spec: str,
    batch: Any,
    axes: dict[str, str],
    loss: str,
) -> Result:
    """Output, outputs of the parts, loss and gradients of a model, on one batch.

    batch: `inputs` and `labels`, packed, their arrays as `batch.*`.
    """
    backend = session.backend
    model, own = _make(session, spec, arrays, batch, axes)
    backend.load_weights(model, select(arrays, "weights"))
    measured = loss_function(session, loss)

    def step(model: Any, batch: Any) -> Any:
        outputs = backend.apply(model, batch["inputs"], training=True)
        return measured(outputs, batch["labels"])

    output, parts = backend.forward(model, own["inputs"], training=False)
    result = backend.gradients(model, step, own)
    inputs = {k: v for k, v in result.inputs.items() if k.startswith("inputs.")}
    found = prefixed("part", observed_parts(session, model, parts))
    found |= observed_tree(session, "", {"output": output}, axes)
    found["loss"] = np.array(result.loss)
    found |= prefixed("gradient", result.parameters)
    found |= prefixed(
        "input", select(observed_tree(session, "", inputs, axes), "inputs")
    )
    # JSON keeps the order of the parts, which a file of arrays does not.
    order = [(p, [below for below, _ in trees.leaves(v)]) for p, v in parts.items()]
    return {"parts": order}, found
