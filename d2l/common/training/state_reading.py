"""The state of objects as one description for JSON and named arrays, found by walking.

Nothing is listed by name: an object's attributes are its state, those of the objects
in them, and so on. Each is described once; where it comes up again the description
says `same`. What can be neither described nor made again is refused by name.
"""

from __future__ import annotations

import enum
import types
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from d2l.common.training import state_kinds
from d2l.common.training.state_kinds import MISSING, PLAIN, STATELESS, Kinds, StateError
from d2l.common.trees import join

#: What is longer is no state of a loader, but data.
LONGEST = 64


class StateReader:
    """Describes objects, and collects their arrays.

    arrays: what was found, by the path to it.
    fixed: the paths of what can be filled but not made anew, such as objects.
    """

    def __init__(
        self,
        kinds: Kinds,
        stored: Mapping[int, str] | None = None,
        outside: Iterable[Any] = (),
        values: bool = True,
        of_data: bool = False,
    ):
        """Begin with nothing.

        kinds: the framework's arrays and generators.
        stored: by `id`, names of arrays that are saved elsewhere in the same file.
        outside: objects of which nothing is saved, wherever they turn up.
        values: whether arrays are read; without, it is only found out what can be.
        of_data: keep the position in data, counters and generators, but no arrays and
            nothing long; what cannot be described is left out.
        """
        self.kinds, self.stored, self.values = kinds, stored or {}, values
        self.of_data = of_data
        self.arrays: dict[str, np.ndarray] = {}
        self.fixed: set[str] = set()
        self._outside = {id(o) for o in outside if o is not None}
        self._numbers: dict[int, int] = {}
        self._named: dict[str, int] = {}
        self._plain_keys: dict[Any, str] = {}
        # An object that is gone could lend its id to another.
        self._alive: list[Any] = []

    def describe(self, value: Any, path: str) -> Any:
        """The description of `value`; plain values are their own.

        Raises StateError, naming the path, for what cannot be saved.
        """
        if type(value) in PLAIN:
            return value
        if id(value) in self._outside or _is_stateless(value, self.kinds):
            self.fixed.add(path)
            return ["kept"]
        if id(value) in self._numbers:
            return ["same", self._numbers[id(value)]]
        for describe in (self._array, self._container, self._held, self._object):
            found = describe(value, path)
            if found is not None:
                return found
        if self.of_data:
            return ["kept"]
        raise StateError(
            f"{path} cannot be saved in a checkpoint: it is a {type(value).__name__}."
        )

    def check(self) -> None:
        """Raise StateError if a key was the `id` of an object that came only later."""
        for key, path in self._plain_keys.items():
            if type(key) is int and key in self._numbers:
                raise StateError(
                    f"{path} cannot be saved: its keys are ids of objects that "
                    "come after it."
                )

    def _number(self, value: Any) -> int:
        self._alive.append(value)
        number = self._numbers.setdefault(id(value), len(self._alive))
        if (name := self.kinds.name_of(value)) is not None:
            self._named[name] = number
        return number

    def _array(self, value: Any, path: str) -> Any:
        is_numpy = isinstance(value, (np.ndarray, np.generic))
        if not is_numpy and not self.kinds.is_array(value):
            return None
        if self.of_data:
            return ["kept"]
        number, name, note = self._number(value), self.stored.get(id(value)), None
        if self.values:
            array, note = self._read(value, path, is_numpy)
            if name is None:
                name = self._unused(path)
                self.arrays[name] = array
        return ["array", number, name, note]

    def _read(self, value: Any, path: str, is_numpy: bool) -> tuple[np.ndarray, Any]:
        try:
            if is_numpy:
                scalar = isinstance(value, np.generic)
                read = np.array(value), "number" if scalar else "numpy"
            else:
                read = self.kinds.read(value)
        except Exception as error:
            raise StateError(f"{path} cannot be saved: {error}") from error
        if read[0].dtype.kind not in "biuf":
            raise StateError(f"{path} cannot be saved: it holds {read[0].dtype}.")
        return read

    def _unused(self, path: str) -> str:
        return path if path not in self.arrays else self._unused(path + "'")

    def _container(self, value: Any, path: str) -> Any:
        kind = next((k for k, cls in CONTAINERS.items() if isinstance(value, cls)), "")
        if not kind:
            return None
        if self.of_data and len(value) > LONGEST:
            return ["kept"]
        number = self._number(value)
        if kind == "dict":
            content = [
                [self._key(k, path), self.describe(v, join(path, str(k)))]
                for k, v in list(value.items())
            ]
        elif kind == "set":
            content = [self._key(element, path) for element in value]
        else:
            content = [
                self.describe(v, join(path, str(i))) for i, v in enumerate(value)
            ]
        if hasattr(value, "_fields"):
            # A plain tuple could not take the place of a named one.
            self.fixed.add(path)
            return ["namedtuple", number, state_kinds.kind_name(value), content]
        return [kind, number, content, self._attributes(value, path)]

    def _key(self, key: Any, path: str) -> Any:
        if type(key) is int and key in self._numbers:
            return ["id", self._numbers[key]]
        if type(key) is str and key in self._named:
            return ["named", self._named[key]]
        if type(key) is tuple:
            return ["tuple", [self._key(k, path) for k in key]]
        if type(key) in PLAIN:
            self._plain_keys[key] = path
            return key
        if id(key) in self._numbers:
            return ["same", self._numbers[id(key)]]
        if _is_stateless(key, self.kinds) or isinstance(key, enum.Enum):
            return ["name", repr(key)]
        raise StateError(
            f"{path} cannot be saved: a {type(key).__name__} is a key in it."
        )

    def _held(self, value: Any, path: str) -> Any:
        holder = state_kinds.holder_of(value, self.kinds)
        if holder is None:
            return None
        number = self._number(value)
        self.fixed.add(path)
        inner = StateReader(self.kinds)
        inner.arrays = self.arrays
        return ["held", number, inner.describe(holder.get(), path)]

    def _object(self, value: Any, path: str) -> Any:
        self.fixed.add(path)
        if isinstance(value, enum.Enum):
            return ["enum", state_kinds.kind_name(value), value.name]
        parts = state_kinds.called(value)
        if parts is not None:
            return ["called", self._number(value), self.describe(parts, path)]
        if isinstance(value, types.FunctionType) and not self._set(value):
            return ["kept"]
        if not state_kinds.has_attributes(value):
            return self._own_state(value, path)
        before = dict(self.arrays), dict(self._numbers), set(self.fixed)
        number = self._number(value)
        try:
            found = self._attributes(value, path)
        except StateError:
            if not self.kinds.has_own_state(value):
                raise
            self.arrays, self._numbers, self.fixed = before
            return self._own_state(value, path)
        return ["object", number, state_kinds.kind_name(value), found]

    def _own_state(self, value: Any, path: str) -> Any:
        """What an object says itself that its state is."""
        if not state_kinds.has_state_dict(value):
            return None
        state = self.describe(value.state_dict(), path)
        return ["state_dict", self._number(value), state]

    def _attributes(self, value: Any, path: str) -> list[Any]:
        found = [
            [a.name, self.describe(a.value, join(path, str(a.name)))]
            for a in self._set(value)
        ]
        return [a for a in found if not self.of_data or a[1] != ["kept"]]

    def _set(self, value: Any) -> list[state_kinds.Attribute]:
        return [a for a in self.kinds.attributes(value) if a.value is not MISSING]


CONTAINERS: dict[str, Any] = {
    "tuple": tuple,
    "list": list,
    "dict": dict,
    "set": (set, frozenset),
    "deque": deque,
}


def _is_stateless(value: Any, kinds: Kinds) -> bool:
    return isinstance(value, STATELESS) or kinds.is_stateless(value)
