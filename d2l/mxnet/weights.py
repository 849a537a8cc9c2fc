"""MXNet's tensors and training states: only the layers' names for things differ."""

from __future__ import annotations

import numpy as onp
from mxnet import autograd, np, npx

from d2l.common.weights import Slot, fill_slots, read_slots

from . import parameters as entries
from .optimizer_states import read_states, write_states
from .precision import adopt_default


def slots(model):
    """Parameters and arrays by attribute path."""
    # Reading a running statistic does not wait for the graphs that change it.
    npx.waitall()
    found = list(entries.named_entries(model))
    # Our batch normalisation keeps its statistics in float64 in any model.
    precision = next((e.dtype for _, e in found if entries.is_trained(e)), None)
    for name, entry in found:
        yield Slot(
            name,
            read=lambda e=entry: _floats_in(precision, entries.array_of(e)),
            write=lambda array, e=entry: entries.overwrite(
                e, np.array(array, dtype=array.dtype)
            ),
            trainable=entries.is_trained(entry),
        )


def weights(model):
    """All tensors of a model by canonical name."""
    return read_slots(slots(model))


def load_weights(model, weights):
    """Fill a model; every array must be used exactly once, every shape fit.

    Layers that don't know their input sizes learn them.
    """
    adopt_default(model)
    for name, entry in entries.named_entries(model):
        if entries.is_deferred(entry) and _fits(entry, weights.get(name)):
            devices = entry.list_ctx()
            entry.shape = weights[name].shape
            entry.initialize(ctx=devices, force_reinit=True)
    fill_slots(slots(model), weights)


def materialise(model, inputs):
    """Let layers learn their input sizes; what has no initial values gets them."""
    adopt_default(model)
    entries.initialise_rest(model)
    with autograd.pause():
        model(*inputs)


def optimizer_state(model, optim):
    """The updater's arrays, by name and parameter."""
    return read_states(model, optim)


def load_optimizer_state(model, optim, state):
    """Fill the updater's arrays."""
    write_states(model, optim, state)


def _fits(parameter, array):
    """Whether `array` has the shape of a parameter that knows only part of it."""
    if array is None or len(parameter.shape or array.shape) != array.ndim:
        return False
    known = parameter.shape or array.shape
    return all(k in (-1, n) for k, n in zip(known, array.shape, strict=True))


def _floats_in(precision, tensor):
    array = tensor.asnumpy()
    is_float = onp.issubdtype(array.dtype, onp.floating)
    return array.astype(precision or array.dtype) if is_float else array
