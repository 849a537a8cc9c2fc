"""Tasks on a reader's own models, which a factory function makes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from d2l.common.errors import D2LError
from d2l.parity.files import load_file
from d2l.parity.session import Session
from d2l.parity.tasks import Arrays, Result, prefixed, select, task

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


def loss_function(session: Session, name: str) -> Callable[[Any, Any], Any]:
    """A loss by name: a function of outputs and labels, in the framework."""
    if name == "cross_entropy":
        return session.namespace.Classifier().loss
    if name == "squared":
        mean = session.namespace.reduce_mean
        return lambda y_hat, y: mean((y_hat - y) ** 2)
    raise D2LError(f"There is no loss {name!r}: choose {' or '.join(LOSSES)}.")


def _make(session: Session, spec: str, arrays: Arrays) -> tuple[Any, list[Any]]:
    session.backend.seed(0)
    model = load_factory(spec)()
    inputs = [
        session.backend.input_tensor(array)
        for name, array in sorted(arrays.items())
        if name.startswith("inputs.")
    ]
    session.backend.materialise(model, inputs)
    return model, inputs


@task
def model_shapes(session: Session, arrays: Arrays, spec: str) -> Result:
    """The canonical names and shapes of a model's tensors, in its order."""
    model, _ = _make(session, spec, arrays)
    slots = session.backend.slots(model)
    return {"shapes": {s.name: list(s.canonical().shape) for s in slots}}, {}


@task
def model_run(session: Session, arrays: Arrays, spec: str, loss: str) -> Result:
    """Output, outputs of the parts, loss and gradients of a model, on one batch."""
    backend = session.backend
    model, inputs = _make(session, spec, arrays)
    backend.load_weights(model, select(arrays, "weights"))

    def canonical(tensor: Any) -> np.ndarray:
        return backend.canonical(backend.to_numpy(tensor))

    output, parts = backend.forward(model, inputs, training=False)
    found: Arrays = {f"part.{path}": canonical(part) for path, part in parts.items()}
    found["output"] = canonical(output)
    labels = backend.to_tensor(arrays["labels"])
    result = backend.gradients(model, loss_function(session, loss), [*inputs, labels])
    found["loss"] = np.array(result.loss)
    found |= prefixed("gradient", result.parameters)
    found |= prefixed("input", {str(i): g for i, g in enumerate(result.inputs)})
    # JSON keeps the order of the parts, which a file of arrays does not.
    return {"parts": list(parts)}, found
