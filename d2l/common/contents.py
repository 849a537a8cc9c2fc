"""The book's chapters and sections, in reading order."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS

CONTENTS_FILE = Path(__file__).with_name("contents.toml")

MODEL, FUNCTIONS, SHARED, BOUND, TEXT = "model", "functions", "shared", "bound", "text"
#: The kinds of sections, and what a section of each kind has besides its page.
KINDS = {
    MODEL: "a module in each framework, a parity test, and at least one trial",
    FUNCTIONS: "a module in each framework, and a parity test",
    SHARED: "one module, in d2l/common, and a parity test",
    BOUND: "a module in the frameworks that can have it, and a parity test",
    TEXT: "nothing",
}
#: What an entry must say, and what only an entry of the kind BOUND says.
_FIELDS, _OF_BOUND = ("key", "title", "kind"), ("frameworks", "reason")


@dataclass(frozen=True)
class Section:
    """A section of the book.

    key: chapter and section, such as "convolutional_neural_networks/lenet".
    kind: one of KINDS.
    frameworks: of the kind BOUND, those that can have it.
    reason: why no others.
    """

    key: str
    title: str
    kind: str
    frameworks: tuple[str, ...] = ()
    reason: str = ""

    @property
    def trees(self) -> tuple[str, ...]:
        """The folders of d2l in which it has a module: frameworks, or `common`."""
        if self.kind in (MODEL, FUNCTIONS):
            return tuple(FRAMEWORKS)
        return ("common",) if self.kind == SHARED else self.frameworks

    def is_in(self, framework: str) -> bool:
        """Whether a framework offers what it declares."""
        return self.kind == SHARED or framework in self.trees


@dataclass(frozen=True)
class Chapter:
    """A chapter of the book, with its sections in reading order."""

    key: str
    title: str
    sections: tuple[Section, ...]


def read_contents() -> list[Chapter]:
    """Return the chapters in reading order.

    raises: D2LError, which says in a sentence what is wrong with an entry.
    """
    return parse_contents(CONTENTS_FILE.read_text(encoding="utf-8"))


def read_sections() -> dict[str, Section]:
    """Return all sections by their keys, in reading order."""
    return {s.key: s for chapter in read_contents() for s in chapter.sections}


def parse_contents(text: str) -> list[Chapter]:
    """Return the chapters that a text in the form of contents.toml lists.

    raises: D2LError, which says in a sentence what is wrong with an entry.
    """
    try:
        entries = tomllib.loads(text).get("chapters", [])
    except tomllib.TOMLDecodeError as error:
        raise D2LError(f"The list of sections is not TOML: {error}.") from error
    chapters = [_read_chapter(entry) for entry in entries]
    keys = Counter(
        key for c in chapters for key in (c.key, *(s.key for s in c.sections))
    )
    for key, count in keys.items():
        if count > 1:
            raise D2LError(f"{key}: it is listed {count} times.")
        if not re.fullmatch(r"[a-z0-9_]+(/[a-z0-9_]+)?", key):
            raise D2LError(f"{key}: a key has small letters, digits and underscores.")
    return chapters


def _read_chapter(entry: dict[str, Any]) -> Chapter:
    key = entry.get("key", "?")
    if entry.keys() != {"key", "title", "sections"}:
        raise D2LError(f"{key}: a chapter says its key, its title and its sections.")
    sections = tuple(_read_section(key, section) for section in entry["sections"])
    return Chapter(key, entry["title"], sections)


def _read_section(chapter: str, entry: dict[str, Any]) -> Section:
    missing = [name for name in _FIELDS if not isinstance(entry.get(name), str)]
    key = f"{chapter}/{entry.get('key', '')}"
    if missing:
        raise D2LError(f"{key}: a section says its key, its title and its kind.")
    unknown = entry.keys() - {*_FIELDS, *_OF_BOUND}
    if unknown:
        known = ", ".join((*_FIELDS, *_OF_BOUND))
        raise D2LError(f"{key}: there is no {min(unknown)!r}, but {known}.")
    if entry["kind"] not in KINDS:
        kinds = ", ".join(KINDS)
        raise D2LError(f"{key}: there is no kind {entry['kind']!r}, but {kinds}.")
    frameworks = tuple(entry.get("frameworks", ()))
    section = Section(
        key, entry["title"], entry["kind"], frameworks, entry.get("reason", "")
    )
    _require_bound(section)
    return section


def _require_bound(section: Section) -> None:
    """Frameworks and a reason are listed where they mean something, and only there."""
    key, frameworks = section.key, set(section.frameworks)
    if section.kind != BOUND:
        if frameworks or section.reason:
            raise D2LError(f"{key}: only the kind {BOUND!r} has frameworks, a reason.")
        return
    unknown = frameworks - FRAMEWORKS.keys()
    if unknown:
        known = ", ".join(FRAMEWORKS)
        raise D2LError(f"{key}: there is no framework {min(unknown)!r}, but {known}.")
    if not frameworks or frameworks == FRAMEWORKS.keys():
        raise D2LError(f"{key}: it is bound to some frameworks, not to none or all.")
    if not section.reason:
        raise D2LError(f"{key}: it needs a reason why other frameworks lack it.")
