"""Trees: values nested as they come, walked leaf by leaf.

A batch, a model's output, an optimizer's state are trees of dictionaries, lists,
tuples (named ones too), dataclasses and None; anything else is a leaf. A leaf's path
is the names on the way to it, such as `boxes.0` for `{"boxes": [leaf]}`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from d2l.common.errors import D2LError

Arrays = dict[str, np.ndarray]

#: What JSON holds as it is.
PLAIN = (bool, int, float, str)


class TreeError(D2LError):
    """A tree that cannot be packed; the message names the leaf."""


def children(tree: Any) -> list[tuple[str, Any]] | None:
    """The named branches of a tree; None for a leaf."""
    if tree is None:
        return []
    if isinstance(tree, Mapping):
        return [(str(key), value) for key, value in tree.items()]
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return list(zip(tree._fields, tree, strict=True))
    if isinstance(tree, (list, tuple)):
        return [(str(i), value) for i, value in enumerate(tree)]
    if is_dataclass(tree):
        return [(f.name, getattr(tree, f.name)) for f in dataclasses.fields(tree)]
    return None


def is_dataclass(value: Any) -> bool:
    """Whether `value` is an object of a dataclass, not such a class."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its path, in the tree's own order."""
    branches = children(tree)
    if branches is None:
        yield path, tree
        return
    for name, branch in branches:
        yield from leaves(branch, join(path, name))


def join(path: str, name: str) -> str:
    """The path of the branch `name` below `path`."""
    return f"{path}.{name}" if path and name else path or name


def map_leaves(function: Callable[[str, Any], Any], tree: Any, path: str = "") -> Any:
    """The same tree with `function(path, leaf)` in place of each leaf."""
    branches = children(tree)
    if branches is None:
        return function(path, tree)
    values = [map_leaves(function, value, join(path, name)) for name, value in branches]
    return rebuild(tree, values)


def rebuild(tree: Any, values: list[Any]) -> Any:
    """A tree like `tree` with other branches, in the order of `children`."""
    if tree is None:
        return None
    if isinstance(tree, Mapping):
        # A mapping of any other class is made of a dictionary, too.
        make: Callable[[Any], Any] = type(tree)
        return make(dict(zip(tree, values, strict=True)))
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*values)
    if isinstance(tree, (list, tuple)):
        return type(tree)(values)
    names = (f.name for f in dataclasses.fields(tree))
    return dataclasses.replace(tree, **dict(zip(names, values, strict=True)))


def unflatten(tree: Any, values: list[Any]) -> Any:
    """A tree like `tree` with other leaves, in order."""
    left = iter(values)
    return map_leaves(lambda path, leaf: next(left), tree)


class Hole:
    """The place of an array in a tree without them."""

    def __repr__(self) -> str:
        return "_"


HOLE = Hole()


def take_arrays(
    tree: Any, is_array: Callable[[Any], bool] = lambda leaf: hasattr(leaf, "dtype")
) -> tuple[list[Any], Any]:
    """The arrays of a tree in order, and the tree with holes in their places.

    Trees of the same form, with the same plain values, leave trees of the same `repr`.
    """
    arrays: list[Any] = []

    def taken(path: str, leaf: Any) -> Any:
        if not is_array(leaf):
            return leaf
        arrays.append(leaf)
        return HOLE

    return arrays, map_leaves(taken, tree)


def put_arrays(tree: Any, arrays: Iterable[Any]) -> Any:
    """Put arrays into the holes that `take_arrays` has left, in order."""
    left = iter(arrays)
    return map_leaves(lambda path, leaf: next(left) if leaf is HOLE else leaf, tree)


def pack(tree: Any, to_array: Callable[[Any], Any] = np.asarray) -> tuple[Any, Arrays]:
    """A tree as something for JSON, and the arrays that it refers to by their paths.

    to_array: makes a NumPy array of a leaf that is no plain value.
    Named tuples and dataclasses become dictionaries of their fields.

    Raises TreeError for a leaf that is neither plain nor an array of numbers.
    """
    arrays: Arrays = {}

    def packed(branch: Any, path: str) -> Any:
        branches = children(branch)
        if branch is None or (branches is None and isinstance(branch, PLAIN)):
            return branch
        if branches is None:
            arrays[path] = _array(branch, path, to_array)
            return {"array": path}
        values = {name: packed(value, join(path, name)) for name, value in branches}
        if isinstance(branch, (list, tuple)) and not hasattr(branch, "_fields"):
            kind = "list" if isinstance(branch, list) else "tuple"
            return {kind: list(values.values())}
        # Keys that are numbers stay numbers.
        keys = list(branch) if isinstance(branch, Mapping) else list(values)
        return {"dict": [[k, v] for k, v in zip(keys, values.values(), strict=True)]}

    return packed(tree, ""), arrays


def _array(leaf: Any, path: str, to_array: Callable[[Any], Any]) -> np.ndarray:
    try:
        array = np.asarray(to_array(leaf))
    except Exception as error:
        raise TreeError(f"{path or 'this'} cannot be saved: {error}") from error
    if array.dtype.kind not in "biufc":
        kind = type(leaf).__name__
        raise TreeError(f"{path or 'this'} cannot be saved: it is a {kind}.")
    return array


def unpack(spec: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """The tree that `pack` made a description and arrays of."""
    if not isinstance(spec, dict):
        return spec
    ((kind, content),) = spec.items()
    if kind == "array":
        return arrays[content]
    if kind == "dict":
        return {key: unpack(value, arrays) for key, value in content}
    values = [unpack(value, arrays) for value in content]
    return values if kind == "list" else tuple(values)
