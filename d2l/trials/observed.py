"""What was observed, as canonical arrays by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from d2l.common import trees
from d2l.common.axes import Axes, axes_of
from d2l.common.data.loading import LimitedData
from d2l.common.weights import Arrays
from d2l.trials.session import Session


def prefixed(prefix: str, arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The arrays with `prefix.` before their names."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def select(arrays: Arrays, prefix: str) -> Arrays:
    """The arrays whose names begin with `prefix.`, without it."""
    start = f"{prefix}."
    return {k[len(start) :]: v for k, v in arrays.items() if k.startswith(start)}


def tensors(session: Session, tree: Any, axes: Axes) -> Any:
    """A tree of canonical arrays as the framework's tensors."""
    to_tensor = session.backend.input_tensor

    def converted(path: str, leaf: Any) -> Any:
        is_array = isinstance(leaf, np.ndarray)
        return to_tensor(leaf, axes_of(axes, path)) if is_array else leaf

    return trees.map_leaves(converted, tree)


def observed_leaves(session: Session, tree: Any, axes: Axes) -> Any:
    """A tree of the framework's tensors with canonical arrays in their places."""
    canonical = session.backend.canonical
    return trees.map_leaves(lambda p, x: canonical(x, axes_of(axes, p)), tree)


def observed_tree(session: Session, name: str, tree: Any, axes: Axes) -> Arrays:
    """The arrays of a tree by `name` and path.

    axes: as declared, by path.
    """
    found = observed_leaves(session, tree, axes)
    return {trees.join(name, path): array for path, array in trees.leaves(found)}


def observed_parts(session: Session, model: Any, parts: Mapping[str, Any]) -> Arrays:
    """What the parts of a model returned, each a tree, by their paths."""
    last = session.backend.features_last(model)
    return {
        trees.join(path, below): session.backend.canonical_part(leaf, path in last)
        for path, tree in parts.items()
        for below, leaf in trees.leaves(tree)
    }


def observed_batches(
    session: Session, data: Any, axes: Axes, steps: int | None
) -> Arrays:
    """The first batches of a data module by kind, number and path.

    steps: how many, and a few for validation; None stands for all of them, and
    one more of the second epoch, which has another order.
    """
    found: Arrays = {}
    source = data if steps is None else LimitedData(data, steps)
    for kind in ("train", "val"):
        loader = getattr(source, f"{kind}_dataloader")()
        if loader is not None and steps is None:
            found[f"{kind}.length"] = np.array(len(loader))
            # The whole epoch first: iterators are what a loader counts epochs by.
            loader = [*loader, next(iter(loader))]
        for i, batch in enumerate(loader or []):
            found |= observed_tree(session, f"{kind}.{i}", batch, axes)
    return found
