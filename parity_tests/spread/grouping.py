"""Splits the collected tests into groups, those that take longest first."""

from __future__ import annotations

from dataclasses import dataclass

from d2l.common.frameworks import FRAMEWORKS

#: What takes longest comes first, and the rest fills the gaps: JAX and TensorFlow
#: compile.
SLOW = ("jax", "tensorflow")


@dataclass
class Group:
    """Tests of a module's class in one framework: what compiles and remembers alike.

    node_ids: of the tests, in order; losses: how many servers were lost over it.
    """

    title: str
    node_ids: list[str]
    losses: int = 0


def grouped(items):
    """The groups of the collected tests, those first that should take longest."""
    found = {}
    for item in items:
        found.setdefault(_key(item), []).append(item.nodeid)
    # Stable: what takes as long stays in the order of collection.
    ordered = sorted(found.items(), key=lambda entry: _rank(entry[0], len(entry[1])))
    return [Group(_title(key), node_ids) for key, node_ids in ordered]


def framework_of(item):
    """The framework that a test's parameters name, or ""."""
    callspec = getattr(item, "callspec", None)
    for value in callspec.params.values() if callspec else ():
        first = value[0] if isinstance(value, tuple) and value else value
        name = getattr(first, "framework", first)
        if isinstance(name, str) and name in FRAMEWORKS:
            return name
    return ""


def _key(item):
    place, *names = item.nodeid.split("::")
    return place, names[0] if len(names) > 1 else "", framework_of(item)


def _rank(key, count):
    *_, framework = key
    speed = SLOW.index(framework) if framework in SLOW else len(SLOW)
    return speed, -count


def _title(key):
    place, name, framework = key
    where = f"{place}::{name}" if name else place
    return f"{where} in {FRAMEWORKS[framework].title}" if framework else where
