"""Data files of the project: each a whole, or the tables of a TOML file one by one."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from d2l.keys.mentions import Definition
from d2l.keys.sources import PACKAGES

#: Files that the project's code reads, beside its code.
SUFFIXES = (".toml", ".csv", ".txt", ".npz", ".safetensors", ".json")
#: What tells the entries of a list of tables apart.
NAMES = ("case", "name")


class Tables:
    """The data files below a folder, each taken apart once."""

    def __init__(self, root: Path):
        self.root = root
        self._parts: dict[Path, list[tuple[str, Definition]]] = {}

    @cached_property
    def files(self) -> dict[str, list[Path]]:
        """The data files by name, and by the end of their path: `embedded/a.csv`."""
        found: dict[str, list[Path]] = {}
        folders = [self.root / package for package in PACKAGES]
        for path in sorted(p for folder in folders for p in folder.rglob("*.*")):
            if path.suffix in SUFFIXES:
                for name in (path.name, f"{path.parent.name}/{path.name}"):
                    found.setdefault(name, []).append(path)
        return found

    def parts(self, path: Path) -> list[tuple[str, Definition]]:
        """Everything in a file under a title, with the texts that it is found by."""
        if path not in self._parts:
            title = path.relative_to(self.root).as_posix()
            read = _toml if path.suffix == ".toml" else _whole
            self._parts[path] = [(f"{title} {n}", d) for n, d in read(path)]
        return self._parts[path]


def _whole(path: Path) -> Iterator[tuple[str, Definition]]:
    yield "", Definition(hashlib.sha256(path.read_bytes()).hexdigest())


def _toml(path: Path) -> Iterator[tuple[str, Definition]]:
    for key, value in tomllib.loads(path.read_text("utf-8")).items():
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
