"""Data files of the project: each a whole, or the tables of a TOML file one by one."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from d2l.keys.mentions import Definition
from d2l.keys.sources import PACKAGES, Sources

#: Files that the project's code reads, beside its code.
SUFFIXES = (".toml", ".csv", ".txt", ".npz", ".safetensors", ".json")
#: What tells the entries of a list of tables apart.
NAMES = ("case", "name")


class Tables:
    """The data files below the root of sources, each taken apart once."""

    def __init__(self, sources: Sources):
        self.sources = sources
        self._parts: dict[Path, list[tuple[str, Definition]]] = {}

    @cached_property
    def files(self) -> dict[str, list[Path]]:
        """The data files by name, and by the end of their path: `embedded/a.csv`."""
        found: dict[str, list[Path]] = {}
        folders = [self.sources.root / package for package in PACKAGES]
        for path in sorted(p for folder in folders for p in folder.rglob("*.*")):
            if path.suffix in SUFFIXES:
                for name in (path.name, f"{path.parent.name}/{path.name}"):
                    found.setdefault(name, []).append(path)
        return found

    def parts(self, path: Path) -> list[tuple[str, Definition]]:
        """Everything in a file under a title, with the texts that it is found by."""
        if path not in self._parts:
            title = path.relative_to(self.sources.root).as_posix()
            if path.suffix == ".toml":
                found = _toml(self.sources.text(path))
            else:
                found = _whole(self._bytes(path))
            self._parts[path] = [(f"{title} {n}", d) for n, d in found]
        return self._parts[path]

    def _bytes(self, path: Path) -> bytes:
        own = path.relative_to(self.sources.root).as_posix()
        is_changed = own in self.sources.changed
        return self.sources.text(path).encode() if is_changed else path.read_bytes()


def _whole(content: bytes) -> Iterator[tuple[str, Definition]]:
    yield "", Definition(hashlib.sha256(content).hexdigest())


def _toml(text: str) -> Iterator[tuple[str, Definition]]:
    for key, value in tomllib.loads(text).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _entries(key, value)
        else:
            yield key, _definition(value, (key,))


def _entries(
    key: str, entries: list[dict[str, Any]]
) -> Iterator[tuple[str, Definition]]:
    for number, entry in enumerate(entries):
        names = [entry[name] for name in NAMES if isinstance(entry.get(name), str)]
        yield f"{key}[{number}]", _definition(entry, tuple(names[:1]))


def _definition(value: Any, keys: tuple[str, ...]) -> Definition:
    digest = hashlib.sha256(repr(value).encode()).hexdigest()
    return Definition(digest, strings=set(_strings(value)), keys=keys)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
