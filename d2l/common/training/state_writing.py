"""Putting a state back that `StateReader` described: in place, so aliases stay so."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from d2l.common.training import state_kinds
from d2l.common.training.state_kinds import MISSING, Kinds, StateError
from d2l.common.trees import join


class StateWriter:
    """Fills objects by descriptions."""

    def __init__(
        self, kinds: Kinds, arrays: Mapping[str, np.ndarray], of_data: bool = False
    ):
        """Begin.

        kinds: the framework's arrays and generators.
        arrays: all that the descriptions refer to, by name.
        of_data: leave alone what cannot be put back, as loaders make it themselves.
        """
        self.kinds, self.arrays, self.of_data = kinds, arrays, of_data
        self._objects: dict[int, Any] = {}
        #: By id, what was filled already, for which number.
        self._filled: dict[int, int] = {}

    def put(self, spec: Any, current: Any, path: str) -> Any:
        """Fill `current` where it is; returns what is to be in its place.

        current: MISSING where there is nothing yet.

        Raises StateError, naming the path, for what cannot be put back.
        """
        if not isinstance(spec, list):
            return spec
        kind, *content = spec
        if kind == "same":
            return self._objects[content[0]]
        if kind in ("kept", "enum", "called"):
            return self._kept(kind, content, current, path)
        number = content[0]
        if self._filled.get(id(current), number) != number:
            # One object here, two there: the second needs a place of its own.
            current = MISSING
        value = getattr(self, f"_{kind}")(content, current, path)
        return self._remember(number, value)

    def _remember(self, number: int, value: Any) -> Any:
        self._objects[number] = value
        self._filled[id(value)] = number
        return value

    def _kept(self, kind: str, content: list[Any], current: Any, path: str) -> Any:
        if current is MISSING:
            raise _absent(path)
        if kind == "enum":
            _check(content[0], current, path)
            return type(current)[content[1]]
        if kind == "called":
            parts = state_kinds.called(current)
            if parts is None:
                raise _absent(path)
            self._remember(content[0], current)
            self.put(content[1], parts, path)
        return current

    def _array(self, content: list[Any], current: Any, path: str) -> Any:
        _, name, note = content
        array = self.arrays[name]
        if note == "number":
            return array[()]
        try:
            if note != "numpy":
                is_array = current is not MISSING and self.kinds.is_array(current)
                if is_array:
                    return self.kinds.write(current, array, note)
                return self.kinds.make(array, note)
        except Exception as error:
            raise StateError(f"{path} cannot be put back: {error}") from error
        if not isinstance(current, np.ndarray) or not _fits(current, array):
            return np.array(array)
        current[...] = array
        return current

    def _list(self, content: list[Any], current: Any, path: str) -> Any:
        target = current if isinstance(current, (list, deque)) else []
        return self._sequence(content, target, path)

    def _deque(self, content: list[Any], current: Any, path: str) -> Any:
        target = current if isinstance(current, deque) else deque()
        return self._sequence(content, target, path)

    def _sequence(self, content: list[Any], target: Any, path: str) -> Any:
        number, specs, attributes = content
        self._remember(number, target)
        old = list(target)
        new = self._elements(specs, old, path)
        if not _are_same(old, new):
            target.clear()
            target.extend(new)
        return self._fill(target, attributes, path)

    def _elements(self, specs: list[Any], old: list[Any], path: str) -> list[Any]:
        old = old + [MISSING] * (len(specs) - len(old))
        return [
            self.put(spec, value, join(path, str(i)))
            for i, (spec, value) in enumerate(zip(specs, old, strict=False))
        ]

    def _tuple(self, content: list[Any], current: Any, path: str) -> Any:
        _, specs, _ = content
        old = list(current) if isinstance(current, tuple) else []
        new = self._elements(specs, old, path)
        if isinstance(current, tuple) and _are_same(old, new):
            return current
        cls: Any = type(current) if isinstance(current, tuple) else tuple
        return cls(new)

    def _namedtuple(self, content: list[Any], current: Any, path: str) -> Any:
        _, kind, specs = content
        if current is MISSING:
            raise _absent(path)
        _check(kind, current, path)
        new = self._elements(specs, list(current), path)
        return current if _are_same(list(current), new) else type(current)(*new)

    def _set(self, content: list[Any], current: Any, path: str) -> Any:
        _, keys, _ = content
        new = {self._key(key, current) for key in keys}
        if isinstance(current, frozenset):
            return current if current == new else type(current)(new)
        target = current if isinstance(current, set) else set()
        if target != new:
            target.clear()
            target.update(new)
        return target

    def _dict(self, content: list[Any], current: Any, path: str) -> Any:
        number, items, attributes = content
        target = current if isinstance(current, dict) else {}
        self._remember(number, target)
        new, names = {}, list(target)
        for i, (spec, value) in enumerate(items):
            key = self._key(spec, target)
            # Hooks have numbers that count up over the whole process.
            if type(key) is int and key not in target and len(names) == len(items):
                key = names[i]
            old = target.get(key, MISSING)
            new[key] = self.put(value, old, join(path, str(key)))
        if list(new) != list(target):
            target.clear()
        for key, value in new.items():
            if target.get(key, MISSING) is not value:
                target[key] = value
        return self._fill(target, attributes, path)

    def _key(self, spec: Any, current: Any) -> Any:
        if not isinstance(spec, list):
            return spec
        kind, content = spec
        if kind == "tuple":
            return tuple(self._key(key, current) for key in content)
        if kind == "name":
            return next((k for k in current if repr(k) == content), content)
        value = self._objects[content]
        if kind == "named":
            return self.kinds.name_of(value)
        return id(value) if kind == "id" else value

    def _held(self, content: list[Any], current: Any, path: str) -> Any:
        holder = state_kinds.holder_of(current, self.kinds)
        if holder is None:
            raise _absent(path)
        holder.set(StateWriter(self.kinds, self.arrays).put(content[1], MISSING, path))
        return current

    def _object(self, content: list[Any], current: Any, path: str) -> Any:
        number, kind, attributes = content
        if current is MISSING:
            raise _absent(path)
        _check(kind, current, path)
        self._remember(number, current)
        return self._fill(current, attributes, path)

    def _state_dict(self, content: list[Any], current: Any, path: str) -> Any:
        if not state_kinds.has_state_dict(current):
            raise _absent(path)
        # Not by this writer, which would take numbers of the tree for the object's.
        current.load_state_dict(self.put(content[1], MISSING, path))
        return current

    def _fill(self, owner: Any, attributes: list[Any], path: str) -> Any:
        own = {a.name: a for a in self.kinds.attributes(owner)} if attributes else {}
        for name, spec in attributes:
            place = own.get(name) or state_kinds.new_attribute(owner, name)
            try:
                value = self.put(spec, place.value, join(path, str(name)))
            except StateError:
                if not self.of_data:
                    raise
                continue
            if value is not place.value:
                place.set(value)
        return owner


def _are_same(old: list[Any], new: list[Any]) -> bool:
    return len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))


def _fits(current: np.ndarray, array: np.ndarray) -> bool:
    is_like = (current.shape, current.dtype) == (array.shape, array.dtype)
    return is_like and current.flags.writeable


def _check(kind: str, current: Any, path: str) -> None:
    found = state_kinds.kind_name(current)
    if found != kind:
        raise StateError(f"{path} is a {found} here, and a {kind} in the checkpoint.")


def _absent(path: str) -> StateError:
    return StateError(f"{path} is in the checkpoint, and cannot be made anew.")
