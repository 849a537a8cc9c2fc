"""JAX's tensors and training states, under canonical names.

The optimizer is an `nnx.Optimizer`, which holds Optax's state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.common.weights import (
    SAME,
    Slot,
    WeightError,
    fill_slots,
    read_slots,
)

from .structure import (
    holds_array,
    parameters,
    raw_value,
    read,
    variables_of,
    write,
)

#: Optax's names for the parts of an optimizer's state, and PyTorch's.
MOMENTS = {"trace": "momentum_buffer", "mu": "exp_avg", "nu": "exp_avg_sq"}


def slots(model):
    """The variables of all parts, named and laid out as PyTorch has them."""
    seen: set[int] = set()
    for name, layout, variable in variables_of(model):
        first = id(variable) not in seen
        seen.add(id(variable))
        yield Slot(
            name,
            read=lambda v=variable: read(v),
            write=lambda array, v=variable: write(v, array),
            layout=layout,
            # A shared parameter is trained under the first of its names.
            trainable=isinstance(variable, nnx.Param) and first,
        )


def weights(model):
    """All tensors of a model by canonical name, in canonical layout."""
    return read_slots(slots(model))


def load_weights(model, weights):
    """Fill a model; every array must be used exactly once, every shape fit."""
    fill_slots(slots(model), weights)


def materialise(model, inputs):
    """Do nothing: Flax's layers have their parameters from the start."""


def optimizer_variables(model, optim):
    """Moments and counts, wherever they are within Optax's nested states.

    As `variables_of` does for the model: a label, the layout, the variable.
    """
    paths = parameters(model)
    own = dict(nnx.to_flat_state(nnx.state(model, nnx.Param)))
    for part in _moments(optim.opt_state):
        for key, by_path in _by_path(part).items():
            for name, (path, layout) in paths.items():
                # A moment of a whole layer has no counterpart.
                if path in by_path and _are_alike(by_path[path], own[path]):
                    yield f"{key}.{name}", layout, by_path[path]
        # A tuple without a field of that name has a method.
        if isinstance(count := part.count, nnx.Variable):
            yield "step", SAME, count


def optimizer_state(model, optim):
    """Moments of gradients, and how many steps there were, by PyTorch's names."""
    state = {}
    for label, layout, variable in optimizer_variables(model, optim):
        array = layout.to_canonical(read(variable))
        # PyTorch counts steps in the default precision.
        is_count = label == "step"
        state[label] = array.astype(jnp.result_type(float)) if is_count else array
    return state


def load_optimizer_state(model, optim, state):
    """Fill the moments, which Optax has made from the start.

    Raises WeightError if there is more or less of them than the optimizer keeps.
    """
    kept = list(optimizer_variables(model, optim))
    for label in sorted(state.keys() ^ {label for label, _, _ in kept}):
        where, other = ("lacks", "has") if label in state else ("has", "lacks")
        raise WeightError(
            f"The optimizer here {where} {label}, which its saved state {other}."
        )
    for label, layout, variable in kept:
        array = layout.from_canonical(state[label])
        _check_shape(label, array, variable)
        write(variable, array.astype(raw_value(variable).dtype))


def _moments(state: Any) -> Iterator[Any]:
    """The states, within nested ones, that hold moments of gradients."""
    if MOMENTS.keys() & getattr(type(state), "_fields", ()):
        yield state
    elif isinstance(state, tuple | list):
        for part in state:
            yield from _moments(part)
    elif isinstance(state, dict):
        yield from _moments(list(state.values()))


def _by_path(part: Any) -> dict[str, dict[tuple[Any, ...], nnx.Variable]]:
    """By PyTorch's name: the moments by their paths in Flax's states."""
    return {
        name: {
            path: variable
            for path, variable in nnx.to_flat_state(getattr(part, key))
            # A parameter that the optimizer leaves out has an empty place here.
            if holds_array(variable)
        }
        for key, name in MOMENTS.items()
        if isinstance(getattr(part, key, None), nnx.State)
    }


def _are_alike(moment: nnx.Variable, parameter: nnx.Variable) -> bool:
    """Whether there is one number for each, of a type that NumPy has."""
    shapes = [getattr(raw_value(v), "shape", None) for v in (moment, parameter)]
    is_like = shapes[0] == shapes[1]
    return is_like and raw_value(moment).dtype in (np.float32, np.float64)


def _check_shape(label: str, array: np.ndarray, variable: nnx.Variable) -> None:
    if array.shape != variable[...].shape:
        raise WeightError(
            f"The saved {label} does not fit: its shape would have to be "
            f"{variable[...].shape} here, not {array.shape}."
        )
