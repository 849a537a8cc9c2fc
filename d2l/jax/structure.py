"""A model's parts by the paths that PyTorch would give them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flax import nnx


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
    elif isinstance(node, dict):
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
