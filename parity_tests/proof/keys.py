"""The key of a parity case: a hash of all that its outcome depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.keys.reach import Reach
from d2l.keys.sources import Place, Sources
from d2l.keys.tables import Tables
from d2l.keys.values import Describer
from d2l.keys.versions import versions

#: So many digits tell a case's keys apart; a longer one would make the evidence long.
DIGITS = 8
#: The fixtures that nearly all cases have.
ENGINE = ("pool", "checker", "oracle_checker", "evidence")
#: The framework that every case may be compared with.
REFERENCE = "torch"


class CaseKeys:
    """The keys of pytest's items, as the files are now."""

    def __init__(self, sources: Sources | None = None):
        self.sources = sources or Sources()
        self.tables = Tables(self.sources)
        self.describer = Describer(self.sources)
        self._begun: dict[Any, Reach] = {}
        self._last: tuple[Any, Any] = (None, None)

    def key(self, item: Any) -> str:
        """What a case depends on, as a short hash."""
        reach = self.reach(item)
        frameworks = ",".join(frameworks_of(item))
        found = [f"{title} {text}" for title, text in sorted(reach.found.parts.items())]
        found += versions(reach.frameworks, reach.found.packages)
        text = "\n".join([frameworks, *found])
        return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]

    def reach(self, item: Any) -> Reach:
        """All that a case reaches."""
        reach = self._test(item).onward()
        reach.add_value("parameters", self.describer.describe(_parameters(item)))
        return reach

    def _test(self, item: Any) -> Reach:
        """What a test reaches with whatever parameters; the last one is remembered."""
        frameworks = frozenset({*frameworks_of(item), REFERENCE})
        key = (frameworks, item.cls, item.function)
        if self._last[0] != key:
            classes = () if item.cls is None else item.cls.__mro__[:-1]
            reach = self._classes(frameworks, classes).onward()
            for function in (*_fixtures(item), item.function):
                reach.add_place(self.describer.place(function))
            # Which the file may have put together.
            trial = getattr(item.cls, "trial", "")
            reach.add_value("trial", self.describer.describe(trial))
            self._last = (key, reach)
        return self._last[1]

    def _classes(self, frameworks: frozenset[str], classes: tuple[type, ...]) -> Reach:
        """What a class reaches, and before it those that it inherits from."""
        if not classes:
            return self._engine(frameworks)
        key = (frameworks, classes)
        if key not in self._begun:
            reach = self._classes(frameworks, classes[1:]).onward()
            reach.add_place(self.describer.place(classes[0]))
            self._begun[key] = reach
        return self._begun[key]

    def _engine(self, frameworks: frozenset[str]) -> Reach:
        """What every case reaches, to go on from."""
        if frameworks not in self._begun:
            reach = Reach(
                self.sources, self.tables, frameworks, self.describer.describe_trial
            )
            for name in ENGINE:
                reach.add_place(Place("parity_tests.conftest", name))
            self._begun[frameworks] = reach
        return self._begun[frameworks]


def frameworks_of(item: Any) -> list[str]:
    """The frameworks that a case is about; all, where it does not say."""
    found = {name for name in _texts(_parameters(item)) if name in FRAMEWORKS}
    return sorted(found) or installed()


def _parameters(item: Any) -> dict[str, Any]:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec else {}


def _texts(parameters: dict[str, Any]) -> Iterator[str]:
    for value in parameters.values():
        parts = value if isinstance(value, tuple | list) else [value]
        yield from (part for part in parts if isinstance(part, str))
        yield getattr(value, "framework", "")


def _fixtures(item: Any) -> Iterator[Any]:
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        yield from (definition.func for definition in definitions)
