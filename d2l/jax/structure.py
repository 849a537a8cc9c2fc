"""A model's parts and weights, by the paths and layouts that PyTorch would give."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.common.weights import CONV_KERNEL, DENSE_KERNEL, SAME, Layout

#: What Flax calls a part of a layer, and what PyTorch does.
CANONICAL_NAMES = {
    nnx.Linear: {"kernel": "weight"},
    nnx.Conv: {"kernel": "weight"},
    nnx.Embed: {"embedding": "weight"},
    nnx.LayerNorm: {"scale": "weight"},
    nnx.GroupNorm: {"scale": "weight"},
    nnx.BatchNorm: {"scale": "weight", "mean": "running_mean", "var": "running_var"},
}
#: Layers whose outputs have their features last here, and second canonically.
FEATURES_LAST = (nnx.Conv, nnx.ConvTranspose, nnx.BatchNorm, nnx.GroupNorm)
#: Variables that PyTorch's state_dict has no counterpart of.
NOT_WEIGHTS = (nnx.RngState, nnx.Intermediate, nnx.Cache)


def walk(node: Any, path: str = "") -> Iterator[tuple[str, nnx.Module]]:
    """Every module within `node`, itself first, with its path, such as `net.0`.

    A module that is used in two places comes twice, under two paths.
    """
    if isinstance(node, nnx.Module):
        yield path, node
    for name, child in _children(node):
        yield from walk(child, f"{path}.{name}" if path else str(name))


def _children(node: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, nnx.Sequential):
        node = node.layers  # the path is net.0, not net.layers.0
    if isinstance(node, nnx.List | list | tuple):
        yield from enumerate(node)
    elif type(node) is dict:  # not `hparams`, where arguments are kept
        yield from node.items()
    elif isinstance(node, nnx.Module):
        yield from vars(node).items()


def variables(module: nnx.Module) -> Iterator[tuple[str, nnx.Variable]]:
    """The variables that a module holds itself, not those of its parts."""
    for name, value in vars(module).items():
        if isinstance(value, nnx.Variable):
            yield name, value


def owns_parameters(module: nnx.Module) -> bool:
    """Whether the module itself, not a part of it, has parameters."""
    return any(isinstance(v, nnx.Param) for _, v in variables(module))


def has_features_last(module: nnx.Module) -> bool:
    """Whether its outputs have features last that are second canonically.

    A module of one's own says so by an attribute `features_last`.
    """
    is_kind = isinstance(module, FEATURES_LAST)
    return is_kind or getattr(module, "features_last", False)


class HiddenPart(Exception):
    """A part was called that is none of the model's own, such as a loop's copy."""


@contextlib.contextmanager
def recorded_parts(
    model: nnx.Module, refuses_copies: bool = False
) -> Iterator[dict[str, Any]]:
    """Catch the outputs of the model and of all parts that own parameters, by path.

    refuses_copies: raise HiddenPart when a part is called that has no path.
    """
    paths = {id(model): ""}
    classes: set[type] = {type(model)}
    for path, module in walk(model):
        if path and owns_parameters(module):
            paths.setdefault(id(module), path)
            classes.add(type(module))
    parts: dict[str, Any] = {}

    def record(module: nnx.Module, output: Any) -> None:
        if id(module) in paths:
            parts[paths[id(module)]] = output
        elif refuses_copies and owns_parameters(module):
            raise HiddenPart

    with contextlib.ExitStack() as stack:
        for cls in classes:
            stack.enter_context(_recorded_calls(cls, record))
        yield parts


@contextlib.contextmanager
def _recorded_calls(cls: type, record: Callable[[nnx.Module, Any], None]):
    own = vars(cls).get("__call__")
    call = cls.__call__

    def recording(self, *args, **kwargs):
        output = call(self, *args, **kwargs)
        record(self, output)
        return output

    cls.__call__ = recording  # type: ignore[method-assign]
    try:
        yield
    finally:
        if own is None:
            del cls.__call__  # it is inherited
        else:
            cls.__call__ = own  # type: ignore[method-assign]


def variables_of(model: nnx.Module) -> Iterator[tuple[str, Layout, nnx.Variable]]:
    """Each weight's canonical name and layout; a shared one has several names."""
    for path, module in walk(model):
        prefix = f"{path}." if path else ""
        names = next(
            (n for c, n in CANONICAL_NAMES.items() if isinstance(module, c)), {}
        )
        for name, variable in variables(module):
            if holds_array(variable) and not isinstance(variable, NOT_WEIGHTS):
                layout = SAME
                if name == "kernel" and names:
                    layout = _kernel_layout(module)
                yield prefix + names.get(name, name), layout, variable


def _kernel_layout(layer: Any) -> Layout:
    if isinstance(layer, nnx.Linear):
        return DENSE_KERNEL
    ndim = layer.kernel[...].ndim
    # (window..., inputs, outputs), with as many axes as the window has.
    axes = (ndim - 1, ndim - 2, *range(ndim - 2))
    return CONV_KERNEL if axes == CONV_KERNEL.axes else Layout(axes)


def parameters(model: nnx.Module) -> dict[str, tuple[tuple[Any, ...], Layout]]:
    """By canonical name: the path in Flax's states, and the layout."""
    paths = {id(value): path for path, value in nnx.iter_graph(model)}
    found: dict[int, tuple[str, Layout]] = {}
    for name, layout, variable in variables_of(model):
        if isinstance(variable, nnx.Param):
            found.setdefault(id(variable), (name, layout))
    return {name: (paths[key], layout) for key, (name, layout) in found.items()}


def holds_array(variable: nnx.Variable) -> bool:
    """Whether the variable's value is one array, not a number or an empty place."""
    return [hasattr(x, "dtype") for x in jax.tree.leaves(variable)] == [True]


def read(variable: nnx.Variable) -> np.ndarray:
    """A copy of the variable's array.

    Layers that a reader made with Flax's default hold 32 bits even where 64 are
    the default. Here, and so by loading weights, they become 64.
    """
    return _in_default_precision(np.array(variable[...]))


def write(variable: nnx.Variable, array: np.ndarray) -> None:
    """Replace the variable's array, on the device where that is."""
    current = variable[...]
    # Scalars may have become vectors of one element on their way.
    array = _in_default_precision(np.asarray(array)).reshape(current.shape)
    array = jax.device_put(array, current.sharding)
    if hasattr(variable, "set_value"):  # it may change the type
        variable.set_value(array)
    else:  # an older Flax
        variable[...] = array


def raw_value(variable: nnx.Variable) -> Any:
    """What the variable holds, the very same object."""
    get = getattr(variable, "get_raw_value", None)  # not in an older Flax
    return variable.raw_value if get is None else get()


def set_raw_value(variable: nnx.Variable, value: Any) -> None:
    """Put another object into the variable."""
    if hasattr(variable, "set_raw_value"):
        variable.set_raw_value(value)
    else:  # an older Flax
        variable.raw_value = value


def _in_default_precision(array: np.ndarray) -> np.ndarray:
    if array.dtype in (np.float32, np.float64):
        return array.astype(jnp.result_type(float), copy=False)
    return array
