"""What the attributes of an object can be, where its state is saved and put back.

A framework adds its arrays and random generators by a `Kinds` of its own.
"""

from __future__ import annotations

import functools
import io
import logging
import pathlib
import random
import re
import threading
import types
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from d2l.common.errors import D2LError


class StateError(D2LError):
    """A state that cannot be saved or put back; the message names the attribute."""


#: Stands for an attribute that an object does not have yet.
MISSING: Any = object()
PLAIN = (bool, int, float, str, type(None))
#: What never changes by itself, so that there is nothing to save.
STATELESS = (
    type,
    types.ModuleType,
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.GenericAlias,
    np.dtype,
    np.ufunc,
    property,
    slice,
    range,
    bytes,
    complex,
    type(Ellipsis),
    re.Pattern,
    weakref.ReferenceType,
    pathlib.PurePath,
    logging.Logger,
    io.IOBase,
    type(threading.Lock()),
    type(threading.RLock()),
)


@dataclass
class Held:
    """A state that is kept elsewhere, such as a random generator's.

    get: returns it as a tree of plain values and arrays.
    set: puts such a tree back.
    """

    get: Callable[[], Any]
    set: Callable[[Any], Any]


class Kinds:
    """Which values are arrays, random generators, or nothing to save.

    A framework overrides all of it for its own; NumPy's and Python's are known.
    """

    def is_array(self, value: Any) -> bool:
        """Whether `value` is one of the framework's arrays."""
        return False

    def read(self, value: Any) -> tuple[np.ndarray, Any]:
        """An array's numbers, and what else `make` must know of it, for JSON."""
        raise NotImplementedError

    def write(self, current: Any, array: np.ndarray, note: Any) -> Any:
        """Fill `current`, if that can be; returns what is to take its place."""
        return self.make(array, note)

    def make(self, array: np.ndarray, note: Any) -> Any:
        """A new array of what `read` returned."""
        raise NotImplementedError

    def holder(self, value: Any) -> Held | None:
        """Access to the state of one of the framework's own generators."""
        return None

    def is_stateless(self, value: Any) -> bool:
        """Whether there is nothing to save of one of the framework's objects."""
        return False

    def name_of(self, value: Any) -> str | None:
        """A name that is another in each process, and a key where `id` could be."""
        return None

    def has_own_state(self, value: Any) -> bool:
        """Whether `value.state_dict()` is all of the state of an object."""
        return has_state_dict(value)

    def attributes(self, value: Any) -> Iterable[Attribute]:
        """Where an object or a function keeps its state."""
        return attributes(value)


def holder_of(value: Any, kinds: Kinds) -> Held | None:
    """Access to a state that is not kept in attributes."""
    if isinstance(value, Held):
        return value
    if isinstance(value, random.Random):
        return Held(value.getstate, value.setstate)
    if isinstance(value, np.random.Generator):
        return holder_of(value.bit_generator, kinds)
    if isinstance(value, np.random.BitGenerator):
        return Held(lambda: value.state, functools.partial(_set_state, value))
    if isinstance(value, np.random.RandomState):
        return Held(lambda: value.get_state(legacy=False), value.set_state)
    return kinds.holder(value)


def _set_state(generator: Any, state: Any) -> None:
    generator.state = state


def global_generators() -> dict[str, Held]:
    """The generators that `random` and `numpy.random` draw from."""
    return {
        "python": Held(random.getstate, random.setstate),
        "numpy": Held(lambda: np.random.get_state(legacy=False), np.random.set_state),
    }


@dataclass
class Attribute:
    """One attribute of an object; `value` is MISSING where it is not set."""

    name: str
    value: Any
    set: Callable[[Any], None]


def attributes(owner: Any) -> Iterator[Attribute]:
    """Where an object or a function keeps its state.

    A class leaves out what its `not_saved`, a tuple of names, lists.
    """
    if isinstance(owner, types.FunctionType):
        yield from _captured(owner)
    left_out = {n for c in type(owner).__mro__ for n in vars(c).get("not_saved", ())}
    own = getattr(owner, "__dict__", {})
    for name, value in list(own.items()):
        if name not in left_out:
            yield Attribute(name, value, functools.partial(own.__setitem__, name))
    for name in _slots(type(owner)):
        if name not in left_out:
            setter = functools.partial(object.__setattr__, owner, name)
            yield Attribute(name, getattr(owner, name, MISSING), setter)


def new_attribute(owner: Any, name: str) -> Attribute:
    """An attribute that `owner` does not have yet."""
    return Attribute(name, MISSING, functools.partial(vars(owner).__setitem__, name))


def _captured(function: types.FunctionType) -> Iterator[Attribute]:
    """Variables of an enclosing function, which this one may change."""
    names = function.__code__.co_freevars
    for name, cell in zip(names, function.__closure__ or (), strict=True):
        try:
            value = cell.cell_contents
        except ValueError:  # not assigned yet
            value = MISSING
        yield Attribute(name, value, functools.partial(setattr, cell, "cell_contents"))


def _slots(cls: type) -> Iterator[str]:
    for ancestor in cls.__mro__:
        names = vars(ancestor).get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name not in ("__dict__", "__weakref__"):
                private = name.startswith("__") and not name.endswith("__")
                yield f"_{ancestor.__name__.lstrip('_')}{name}" if private else name


def has_attributes(value: Any) -> bool:
    """Whether the state of `value` can be in attributes."""
    if any(cls.__module__ == "_ctypes" for cls in type(value).__mro__):
        return False
    return hasattr(value, "__dict__") or any(_slots(type(value)))


def called(value: Any) -> tuple[Any, ...] | None:
    """What a bound method or a partial function refers to; None for anything else."""
    if isinstance(value, types.MethodType):
        return (value.__self__, value.__func__)
    if isinstance(value, functools.partial):
        return (value.func, value.args, value.keywords)
    return None


def has_state_dict(value: Any) -> bool:
    """Whether an object says itself what its state is."""
    return hasattr(value, "state_dict") and hasattr(value, "load_state_dict")


def kind_name(value: Any) -> str:
    """The class of `value`, for messages and for comparing."""
    return f"{type(value).__module__}.{type(value).__qualname__}"
