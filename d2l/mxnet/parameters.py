"""Finding what a model is made of: Gluon's parameters, and plain arrays."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from mxnet import gluon, np
from mxnet.gluon import nn, rnn

#: Layers that call their weight gamma and their bias beta.
_NORMS = (nn.BatchNorm, nn.LayerNorm, nn.InstanceNorm, nn.GroupNorm)
_NAMES_IN_NORMS = {"gamma": "weight", "beta": "bias"}
#: Layers whose parameters have names like `l0_i2h_weight`, backwards `r0_...`.
_RECURRENT = (rnn.RNN, rnn.LSTM, rnn.GRU)
_NAME_IN_RECURRENT = re.compile(r"([lr])(\d+)_([ih])2h_(weight|bias)")


def blocks(model, path="") -> Iterator[tuple[str, gluon.Block]]:
    """The model and all blocks within it, with their dotted paths.

    A block that is used in several places comes once for each of them.
    """
    yield path, model
    for name, child in model._children.items():
        yield from blocks(child, f"{path}.{name}" if path else name)


def scratch_arrays(model) -> Iterator[tuple[gluon.Block, str, np.ndarray]]:
    """The arrays that are attributes of a block: (block, attribute, array)."""
    for _, block in blocks(model):
        for name, value in list(vars(block).items()):
            if isinstance(value, np.ndarray):
                yield block, name, value


def own_entries(block) -> dict[str, gluon.Parameter | np.ndarray]:
    """What a block owns itself, by PyTorch's names.

    Gluon's parameters, and those plain arrays that a gradient is attached to.
    """
    entries = {_canonical(block, n): p for n, p in block._reg_params.items()}
    for name, value in vars(block).items():
        if isinstance(value, np.ndarray) and value.grad is not None:
            entries[name] = value
    return entries


def _canonical(block, name):
    if isinstance(block, _NORMS):
        return _NAMES_IN_NORMS.get(name, name)
    if isinstance(block, _RECURRENT):
        match = _NAME_IN_RECURRENT.fullmatch(name)
        if match:
            direction, layer, source, kind = match.groups()
            suffix = "_reverse" if direction == "r" else ""
            return f"{kind}_{source}h_l{layer}{suffix}"
    return name


def named_entries(model) -> Iterator[tuple[str, gluon.Parameter | np.ndarray]]:
    """All parameters of a model by canonical name."""
    for path, block in blocks(model):
        for name, entry in own_entries(block).items():
            yield f"{path}.{name}" if path else name, entry


def trained_entries(model) -> dict[str, gluon.Parameter | np.ndarray]:
    """Those that are trained; one that is shared comes under its first name."""
    entries: dict[str, gluon.Parameter | np.ndarray] = {}
    for name, entry in named_entries(model):
        if is_trained(entry) and not any(entry is other for other in entries.values()):
            entries[name] = entry
    return entries


def is_trained(entry) -> bool:
    """Whether a parameter or an array has a gradient."""
    return entry.grad_req != "null" if _is_parameter(entry) else entry.grad is not None


def array_of(entry) -> np.ndarray:
    """The values of a parameter, or the array itself."""
    return entry.data() if _is_parameter(entry) else entry


def gradient_of(entry) -> np.ndarray:
    """The gradient of a parameter or an array."""
    return entry.grad() if _is_parameter(entry) else entry.grad


def overwrite(entry, values: np.ndarray) -> None:
    """Set the values of a parameter, on all its devices, or of an array."""
    if _is_parameter(entry):
        entry.set_data(values)
    else:
        entry[:] = values


def is_deferred(entry) -> bool:
    """Whether a parameter gets its array only when its layer sees an input."""
    return _is_parameter(entry) and entry._data is None


def initialise_rest(model, initialiser=None) -> None:
    """Give initial values to the parameters that have none, nor will get any.

    initialiser: for what has none of its own, such as weights; by default MXNet's.
    """
    defaults = {} if initialiser is None else {"default_init": initialiser}
    for parameter in model.collect_params().values():
        if is_deferred(parameter) and not parameter._deferred_init:
            parameter.initialize(**defaults)


def positional(function, args, kwargs) -> tuple:
    """All arguments of a call in order: Gluon calls its blocks without keywords."""
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.args


def _is_parameter(entry) -> bool:
    return isinstance(entry, gluon.Parameter)
