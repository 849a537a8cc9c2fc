"""What tracing a step does to the state of Python's objects.

A step is traced once and runs many times. A number that Python changes meanwhile is
changed once, and stays in the compiled step as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from d2l.common.training.state_kinds import StateError, global_generators
from d2l.common.training.state_reading import StateReader
from d2l.common.training.state_writing import StateWriter
from d2l.common.trees import join

from .states import States


class Trace:
    """The plain attributes of objects, and Python's and NumPy's generators, now."""

    def __init__(self, owners: Mapping[str, Any]):
        """Read them.

        owners: objects by the names that messages give them.
        """
        self.roots = dict(owners) | {"random": global_generators()}
        reader = StateReader(States(), of_data=True)
        self.spec = {k: reader.describe(v, k) for k, v in self.roots.items()}
        self.arrays = reader.arrays

    def put_back(self) -> None:
        """Undo what has happened since, say in a trace that was given up."""
        writer = StateWriter(States(), self.arrays, of_data=True)
        for name, root in self.roots.items():
            writer.put(self.spec[name], root, name)

    def refuse_changes(self, owners: Mapping[str, Any]) -> None:
        """Raise StateError if the trace has changed a number or drawn one.

        Another trace, after the checkpoint, would find other numbers.
        """
        now = Trace(owners)
        before, after = (
            dict(n for name in owners for n in _numbers(trace.spec[name], name))
            for trace in (self, now)
        )
        for name, value in before.items():
            if after.get(name, value) != value:
                raise StateError(
                    f"{name} cannot be saved in a checkpoint: it changes while a step "
                    "is compiled, and never after that. A tf.Variable changes at every "
                    "step."
                )
        is_drawn = now.spec["random"] != self.spec["random"] or any(
            not np.array_equal(a, now.arrays[k]) for k, a in self.arrays.items()
        )
        if is_drawn:
            raise StateError(
                "A step draws from NumPy or from Python's random while it is compiled, "
                "and never after that: a checkpoint cannot hold this. d2l.rand and "
                "d2l.randn draw at every step."
            )


def _numbers(spec: Any, path: str) -> Iterator[tuple[str, float]]:
    """The plain numbers in a description, by path."""
    if type(spec) in (int, float):
        yield path, spec
    if not isinstance(spec, list):
        return
    kind, *content = spec
    if kind in ("list", "tuple", "deque"):
        branches = [[str(i), branch] for i, branch in enumerate(content[1])]
    elif kind in ("dict", "object"):
        branches = content[-2 if kind == "dict" else -1]
    else:
        return
    for name, branch in branches:
        yield from _numbers(branch, join(path, str(name)))
