"""What a backend process can be asked to do with a public function or block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from d2l.common import trees
from d2l.common.axes import axes_of
from d2l.common.python_files import load_file
from d2l.common.training import mask_stream
from d2l.parity.session import Session
from d2l.parity.tasks import Arrays, Result, task
from d2l.trials.observed import observed_parts, observed_tree, prefixed, select


@task
def call(
    session: Session,
    arrays: Arrays,
    name: str,
    order: list[str] | None = None,
    wrt: list[str] | None = None,
    settings: dict[str, Any] | None = None,
    masks: bool = False,
) -> Result:
    """A public function's output, and its gradients by the arrays in `wrt`.

    arrays: the positional arguments, in the order of the names in `order`, else in
        alphabetical order.
    settings: keyword arguments.
    masks: draw from the shared stream of masks.
    """
    function = session.find(name)
    return run_function(session, arrays, function, order, wrt, settings, masks)


def run_function(
    session: Session,
    arrays: Arrays,
    function: Callable[..., Any],
    order: list[str] | None = None,
    wrt: list[str] | None = None,
    settings: dict[str, Any] | None = None,
    masks: bool = False,
) -> Result:
    """The same for any function of tensors."""
    backend = session.backend
    names = order or sorted(arrays)
    tensors = [backend.to_tensor(arrays[n]) for n in names]
    positions = [names.index(n) for n in wrt or []]

    def apply(*arguments):
        if masks and mask_stream.active is not None:
            mask_stream.active.begin(0)
        return function(*arguments, **(settings or {}))

    with session.parity_mode():
        output, found = backend.call(apply, tensors, positions)
    gradients = {names[i]: g for i, g in zip(positions, found, strict=True)}
    results = prefixed("gradient", gradients) | {"output": output}
    return {}, {k: np.array(backend.to_numpy(v)) for k, v in results.items()}


@task
def block(
    session: Session,
    arrays: Arrays,
    name: str,
    arguments: dict[str, Any] | None = None,
    shapes: bool = False,
    axes: dict[str, str] | None = None,
) -> Result:
    """A public block's output and gradients, its weights carried over.

    arrays: `inputs.0` ..., and `weights.*` by canonical name.
    shapes: tell only the shapes of the block's tensors.
    axes: of the inputs by number, of the outputs by `output` and path.
    """
    inputs = given_inputs(session, arrays, axes)
    model = session.build(name, arguments or {}, None, inputs, axes)
    return run_block(session, arrays, model, shapes, axes)


def given_inputs(
    session: Session, arrays: Arrays, axes: dict[str, str] | None = None
) -> list[Any]:
    """The inputs `inputs.0`, `inputs.1` ... as tensors."""
    given = select(arrays, "inputs")
    to_tensor = session.backend.input_tensor
    return [to_tensor(given[k], axes_of(axes or {}, k)) for k in sorted(given)]


def run_block(
    session: Session,
    arrays: Arrays,
    model: Any,
    shapes: bool,
    axes: dict[str, str] | None = None,
) -> Result:
    """The same for a block that was built before.

    The gradients are those of the sum of the outputs' squares.
    """
    backend, axes = session.backend, axes or {}
    inputs = given_inputs(session, arrays, axes)
    backend.materialise(model, inputs)
    if shapes:
        found = {s.name: list(s.canonical().shape) for s in backend.slots(model)}
        return {"shapes": found}, {}
    backend.load_weights(model, select(arrays, "weights"))
    add_up = session.namespace.reduce_sum

    def total(model: Any, inputs: Any) -> Any:
        outputs = backend.apply(model, inputs, training=True)
        return sum(add_up(Y * Y) for _, Y in trees.leaves(outputs))

    with session.parity_mode():
        output, parts = backend.forward(model, inputs, training=True)
    with session.parity_mode():
        gradients = backend.gradients(model, total, inputs)
    return {}, (
        observed_tree(session, "", {"output": output}, axes)
        | prefixed("part", observed_parts(session, model, parts))
        | prefixed("parameter", gradients.parameters)
        | observed_tree(session, "input", gradients.inputs, axes)
    )


@task
def run_file(
    session: Session,
    arrays: Arrays,
    path: str,
    function: str,
    arguments: dict[str, Any] | None = None,
) -> Result:
    """A task that is not listed here: a function of the Python file at `path`.

    It is called as tasks are, with the session, the arrays and `arguments`, and
    returns what tasks return. A file is executed once in a process. This is how
    tests do what only they need, such as breaking a framework on purpose.
    """
    return getattr(load_file(path), function)(session, arrays, **(arguments or {}))
