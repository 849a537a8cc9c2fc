"""What was reached so far, and what waits for a text to be mentioned."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field, fields
from functools import cache

from d2l.keys.mentions import Definition
from d2l.keys.sources import PACKAGES, Place

#: A text with something filled in must say so much itself to stand for a name; what
#: says more is a sentence. What begins like one of the project's modules is one.
FEWEST_LETTERS, MOST_LETTERS = 4, 30


@dataclass(frozen=True)
class Described:
    """What a value is, apart from the code that made it: see `values.describe`."""

    text: str
    strings: frozenset[str] = frozenset()
    places: frozenset[Place] = frozenset()


@dataclass
class Found:
    """Everything that was reached, and what waits for a text to be mentioned.

    parts: the digest of each definition, piece of data or value, by a title.
    attributes: their names, with a dot before them.
    waiting: what would be found by a text or an attribute, by that.
    """

    parts: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    patterns: set[re.Pattern[str]] = field(default_factory=set)
    waiting: dict[str, list[tuple[str, str, Definition]]] = field(default_factory=dict)
    whole: set[Place] = field(default_factory=set)

    def copy(self) -> Found:
        """Another one, from which to go on."""
        found = copy.copy(self)
        for item in fields(self):
            setattr(found, item.name, copy.copy(getattr(self, item.name)))
        found.waiting = {key: list(entries) for key, entries in self.waiting.items()}
        return found

    def mentions(self, key: str) -> bool:
        """key: a text; with a dot before it, a name that may be an attribute too."""
        if key.startswith("."):
            return key in self.attributes or key[1:] in self.texts
        return key in self.texts or any(
            pattern.fullmatch(key) for pattern in self.patterns
        )


@cache
def as_name(pattern: str) -> re.Pattern[str] | None:
    """What a text with something filled in may be the name of; None for a sentence."""
    letters = re.sub(r"\(\.\+\)|\W", "", pattern)
    is_name = FEWEST_LETTERS <= len(letters) <= MOST_LETTERS
    is_module = pattern.startswith(tuple(f"{package}\\." for package in PACKAGES))
    return re.compile(pattern) if is_name or is_module else None
