"""A model's parts by the paths that PyTorch would give them."""

from __future__ import annotations

import contextlib
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


@contextlib.contextmanager
def recorded_parts(model: nnx.Module) -> Iterator[dict[str, Any]]:
    """Catch the outputs of all parts that own parameters, by path."""
    paths: dict[int, str] = {}
    classes = set()
    for path, module in walk(model):
        if path and owns_parameters(module):
            paths.setdefault(id(module), path)
            classes.add(type(module))
    parts: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        for cls in classes:
            stack.enter_context(_recorded_calls(cls, paths, parts))
        yield parts


@contextlib.contextmanager
def _recorded_calls(cls: type, paths: dict[int, str], parts: dict[str, Any]):
    own = vars(cls).get("__call__")
    call = cls.__call__

    def recording(self, *args, **kwargs):
        output = call(self, *args, **kwargs)
        if id(self) in paths:
            parts[paths[id(self)]] = output
        return output

    cls.__call__ = recording
    try:
        yield
    finally:
        if own is None:
            del cls.__call__  # it is inherited
        else:
            cls.__call__ = own
