"""The state of MXNet's optimizers under PyTorch's names, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import mxnet as mx
import numpy as onp
from mxnet import gluon

from d2l.common.weights import WeightError

from .optimizers import SGD, Adam, ArrayTrainer
from .parameters import array_of, trained_entries
from .precision import default_dtype

_MEANS = ("exp_avg", "exp_avg_sq")
#: Optimizers all of whose state has a name in PyTorch. A subclass may keep more.
_KNOWN = (SGD, Adam, mx.optimizer.SGD, mx.optimizer.ccSGD, mx.optimizer.Adam)


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
    for place, label, array, factor in _kept(model, optim):
        states[label] = array.asnumpy() / factor
        if _counts(place):
            steps = max(steps, place.optimizer._index_update_count[place.number])
    # A float in PyTorch, too.
    return states | ({"step": onp.array(steps, default_dtype())} if steps else {})


def exact_states(model, optim) -> dict[int, str]:
    """By `id`, the arrays that `read_states` returns bit for bit; their labels."""
    # A schedule of a reader may count how often it is asked for a rate.
    found = () if own_to_mxnet(optim) else _kept(model, optim)
    return {id(array): label for _, label, array, factor in found if factor == 1}


def _kept(model, optim):
    """The arrays after the steps made so far: (place, label, array, factor)."""
    for place in _places(model, optim):
        states = place.updaters[0].states
        if place.number not in states:
            continue
        state = states[place.number]
        arrays = state if isinstance(state, (tuple, list)) else [state]
        for label, array, factor in zip(
            _labels(place), arrays, _factors(place), strict=False
        ):
            yield place, label, array, factor


def write_states(model, optim, states) -> None:
    """Make the state that the first step would make, and fill it.

    Raises WeightError if there is more or less of it than the optimizer keeps.
    """
    places = list(_places(model, optim))
    _check_labels(places, optim, states)
    steps = int(states.get("step", 0))
    for place in places:
        arrays = [states[label] for label in _labels(place)]
        for updater in place.updaters if arrays else ():
            updater.states[place.number] = _from_canonical(place, arrays)
            updater.states_synced[place.number] = True
        for counts in place.optimizer._all_index_update_counts.values():
            counts[place.number] = steps
        place.optimizer.num_update = max(place.optimizer.num_update, steps)


def _check_labels(places, optim, states):
    if reason := own_to_mxnet(optim):
        raise WeightError(
            f"Another framework's training cannot go on here: it lacks {reason}."
        )
    kept = {label for place in places for label in _labels(place)}
    kept |= {"step" for place in places if _counts(place)}
    for label in sorted(states.keys() ^ kept):
        where, other = ("has", "lacks") if label in kept else ("lacks", "has")
        raise WeightError(
            f"The optimizer here {where} {label}, which its saved state {other}."
        )


def own_to_mxnet(optim) -> str:
    """What of an optimizer is not in `read_states`; empty if there is nothing."""
    if not isinstance(optim, (gluon.Trainer, ArrayTrainer)):
        # The book's own from scratch keeps nothing.
        is_ours = type(optim).__module__.startswith("d2l.")
        return "" if is_ours else f"the state of {type(optim).__name__}"
    optimizer = optim.optimizer
    if optimizer.lr_scheduler is not None:
        return f"MXNet's schedule {type(optimizer.lr_scheduler).__name__}"
    if type(optimizer) in _KNOWN:
        return ""
    return f"the state of MXNet's {type(optimizer).__name__}"


def _labels(place):
    return [f"{key}.{place.name}" for key in _keys(place.optimizer)]


def _counts(place):
    """Whether the number of steps is part of the state."""
    return _keys(place.optimizer) == _MEANS


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


def _from_canonical(place, arrays):
    weight = array_of(place.entry)
    state = tuple(
        # Not mx.nd.array, which asks SciPy for a name that is to go.
        mx.np.array(array * factor, weight.dtype, ctx=weight.ctx).as_nd_ndarray()
        for array, factor in zip(arrays, _factors(place), strict=False)
    )
    return state if len(_keys(place.optimizer)) == 2 else state[0]
