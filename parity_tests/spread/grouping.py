"""Splits the collected tests into groups, those that take longest first."""

from __future__ import annotations

import math
from dataclasses import dataclass

from d2l.common.frameworks import FRAMEWORKS
from parity_tests.spread.role import UNTIL

#: What takes longest comes first, and the rest fills the gaps: JAX and TensorFlow
#: compile.
SLOW = ("jax", "tensorflow")


@dataclass
class Group:
    """Tests of a module's class in one framework: what compiles and remembers alike.

    node_ids: of the tests, in order; framework: their own, or ""; until: when it need
    not begin any more; losses: how many servers were lost over it.
    """

    title: str
    node_ids: list[str]
    framework: str = ""
    until: float = math.inf
    losses: int = 0


def grouped(items):
    """The groups of the collected tests, those first that should take longest."""
    found = {}
    for item in items:
        found.setdefault(_key(item), []).append(item)
    # Stable: what takes as long stays in the order of collection.
    ordered = sorted(found.items(), key=lambda entry: _rank(entry[1]))
    return [
        Group(_title(key), [item.nodeid for item in items], *key[-2:])
        for key, items in ordered
    ]


def framework_of(item):
    """The framework that a test's parameters name, or ""."""
    callspec = getattr(item, "callspec", None)
    for value in callspec.params.values() if callspec else ():
        first = value[0] if isinstance(value, tuple) and value else value
        name = getattr(first, "framework", first)
        if isinstance(name, str) and name in FRAMEWORKS:
            return name
    return ""


def phase_of(item):
    """Which of the stretches of a run a test belongs to, the slowest first."""
    framework = framework_of(item)
    return SLOW.index(framework) if framework in SLOW else len(SLOW)


def _key(item):
    place, *names = item.nodeid.split("::")
    until = item.stash.get(UNTIL, math.inf)
    return place, names[0] if len(names) > 1 else "", framework_of(item), until


def _rank(items):
    # What may be left out waits for all that may not.
    is_optional = items[0].stash.get(UNTIL, math.inf) < math.inf
    return is_optional, phase_of(items[0]), -len(items)


def _title(key):
    place, name, framework, _ = key
    where = f"{place}::{name}" if name else place
    return f"{where} in {FRAMEWORKS[framework].title}" if framework else where
