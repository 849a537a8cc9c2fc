"""The state of MXNet's optimizers under PyTorch's names, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import mxnet as mx
import numpy as onp
from mxnet import gluon

from .optimizers import SGD, Adam, ArrayTrainer
from .parameters import array_of, trained_entries
from .precision import default_dtype

_MEANS = ("exp_avg", "exp_avg_sq")


class _Place(NamedTuple):
    """Where the state of one parameter is: its number in an updater."""

    name: str
    number: int
    entry: gluon.Parameter | mx.np.ndarray
    updaters: list[mx.optimizer.Updater]

    @property
    def optimizer(self):
        return self.updaters[0].optimizer


def read_states(model, optim) -> dict[str, onp.ndarray]:
    """The state after the steps made so far; empty before the first."""
    states: dict[str, onp.ndarray] = {}
    steps = 0
    for place in _places(model, optim):
        if place.number not in place.updaters[0].states:
            continue
        state = place.updaters[0].states[place.number]
        states |= {
            f"{key}.{place.name}": values
            for key, values in _to_canonical(place, state).items()
        }
        if len(_keys(place.optimizer)) == 2:
            steps = max(steps, place.optimizer._index_update_count[place.number])
    # A float in PyTorch, too.
    return states | ({"step": onp.array(steps, default_dtype())} if steps else {})


def write_states(model, optim, states) -> None:
    """Make the state that the first step would make, and fill it."""
    steps = int(states.get("step", 0))
    for place in _places(model, optim):
        keys = _keys(place.optimizer)
        arrays = [states[f"{k}.{place.name}"] for k in keys if _has(states, k, place)]
        if not keys or len(arrays) != len(keys):
            continue
        for updater in place.updaters:
            updater.states[place.number] = _from_canonical(place, arrays)
            updater.states_synced[place.number] = True
        for counts in place.optimizer._all_index_update_counts.values():
            counts[place.number] = steps
        place.optimizer.num_update = max(place.optimizer.num_update, steps)


def _has(states, key, place):
    return f"{key}.{place.name}" in states


def _places(model, optim) -> Iterator[_Place]:
    """The trained parameters that the optimizer moves."""
    for name, entry in trained_entries(model).items():
        if isinstance(optim, gluon.Trainer):
            index = optim._param2idx.get(getattr(entry, "name", None))
            updaters = optim._updaters
        elif isinstance(optim, ArrayTrainer):
            found = [i for i, other in enumerate(optim.entries) if other is entry]
            index, updaters = (found[0] if found else None), [optim.updater]
        else:
            return
        if index is not None:
            yield _Place(name, index, entry, updaters)


def _keys(optimizer):
    if isinstance(optimizer, (Adam, mx.optimizer.Adam)):
        return _MEANS
    if isinstance(optimizer, (SGD, mx.optimizer.SGD)) and optimizer.momentum:
        return ("momentum_buffer",)
    return ()


def _factors(place):
    """How many times too large MXNet's arrays are, compared with PyTorch's."""
    optimizer = place.optimizer
    if isinstance(optimizer, Adam):
        return optimizer.scales(array_of(place.entry).dtype)
    if isinstance(optimizer, mx.optimizer.SGD):
        # MXNet's own momentum holds the learning rate, and points downhill.
        return (-optimizer._get_lr(place.number),)
    return (1.0, 1.0)


def _to_canonical(place, state):
    arrays = state if isinstance(state, (tuple, list)) else [state]
    keys = _keys(place.optimizer)
    return {
        key: array.asnumpy() / factor
        for key, array, factor in zip(keys, arrays, _factors(place), strict=False)
    }


def _from_canonical(place, arrays):
    weight = array_of(place.entry)
    state = tuple(
        # Not mx.nd.array, which asks SciPy for a name that is to go.
        mx.np.array(array * factor, weight.dtype, ctx=weight.ctx).as_nd_ndarray()
        for array, factor in zip(arrays, _factors(place), strict=False)
    )
    return state if len(_keys(place.optimizer)) == 2 else state[0]
