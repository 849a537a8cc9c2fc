"""What a value is, apart from the code that made it."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from d2l import trials
from d2l.common.errors import D2LError
from d2l.keys.found import Described
from d2l.keys.sources import Place, Sources

PLAIN = (type(None), bool, int, float, complex, np.generic)


class Describer:
    """Describes values of plain types, dataclasses, functions and classes."""

    def __init__(self, sources: Sources):
        self.sources = sources

    def describe(self, value: Any) -> Described:
        """Its text, all texts in it, and the definitions of what it is made by."""
        strings: set[str] = set()
        places: set[Place] = set()
        text = self._text(value, strings, places)
        return Described(text, frozenset(strings), frozenset(places))

    def describe_trial(self, name: str) -> Described | None:
        """The trial of a name, or of `FILE.py:NAME`; None for no trial."""
        is_own = ".py:" in name
        if name in trials.TRIALS or is_own:
            path = f"{self.sources.root}/{name}" if is_own else name
            with contextlib.suppress(D2LError):  # a function, not a trial
                return self.describe(trials.find(path))
        return None

    def _text(self, value: Any, strings: set[str], places: set[Place]) -> str:
        def inner(part: Any) -> str:
            return self._text(part, strings, places)

        if isinstance(value, PLAIN):
            return repr(value)
        if isinstance(value, str | Path):
            # The same wherever the project lies.
            own = str(value).replace(f"{self.sources.root}/", "")
            # A text of a few words may name something by the first of them.
            strings |= {own, own.partition(" ")[0]}
            return repr(own)
        if isinstance(value, Mapping):
            return str([(inner(k), inner(v)) for k, v in value.items()])
        if isinstance(value, list | tuple):
            return str([inner(part) for part in value])
        if isinstance(value, set | frozenset):
            return str(sorted(inner(part) for part in value))
        if isinstance(value, np.ndarray):
            return f"{value.dtype} {value.tolist()}"
        if isinstance(value, type | types.FunctionType | types.MethodType):
            return self._code(value, places)
        kind = self._code(type(value), places)
        return f"{kind}({', '.join(map(inner, _fields(value)))})"

    def _code(self, value: Any, places: set[Place]) -> str:
        place = self.place(value)
        if place is not None:
            places.add(place)
        return (
            f"{value.__module__}.{value.__qualname__}" if place is None else str(place)
        )

    def place(self, value: Any) -> Place | None:
        """Where a function or class is defined; None outside of the project."""
        try:
            path = Path(inspect.getsourcefile(value) or "").resolve()
        except TypeError:  # built in
            return None
        if not path.is_relative_to(self.sources.root.resolve()):
            return None
        return self.sources.place_of(path, value.__qualname__)


def _fields(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name
            yield getattr(value, field.name)
    else:
        yield from getattr(value, "__dict__", {}).items()
