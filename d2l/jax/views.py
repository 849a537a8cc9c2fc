"""Twins of a model that train or evaluate, whatever the model does."""

from __future__ import annotations

from typing import Any

from flax import nnx

from .structure import walk


def view(model: nnx.Module, training: bool) -> nnx.Module:
    """A twin for training or for evaluation that shares the variables of `model`."""
    modes = {"deterministic": not training, "use_running_average": not training}
    if hasattr(nnx, "view"):
        twin = nnx.view(model, raise_if_not_found=False, **modes)
    else:  # Flax before 0.12.1
        twin = _twin(model, {})
        for _, module in walk(twin):
            _set_view(module, modes)
    # Also in modules that have the attribute but no `set_view`.
    twin.set_attributes(raise_if_not_found=False, **modes)
    return twin


def _twin(node: Any, done: dict[int, Any]) -> Any:
    """A copy of all modules, which holds the very same variables."""
    if id(node) in done:
        return done[id(node)]
    if isinstance(node, nnx.Module):
        copy = done[id(node)] = object.__new__(type(node))
        vars(copy).update({k: _twin(v, done) for k, v in vars(node).items()})
        return copy
    if type(node) in (list, tuple):
        return type(node)(_twin(item, done) for item in node)
    if type(node) is dict:
        return {key: _twin(item, done) for key, item in node.items()}
    return node


def _set_view(module: nnx.Module, modes: dict[str, bool]) -> None:
    set_view = getattr(module, "set_view", None)
    if set_view is None:
        return
    code = set_view.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    set_view(**{name: on for name, on in modes.items() if name in names})
