"""What the cells of the pages have printed and drawn, kept in the repository.

Each cell of a page in a framework has a key: a hash of its code and of the cells
before it, of the library code they reach, and of the versions. An output whose key
is no longer its cell's is stale.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from d2l.book.pages import CHAPTERS, Page
from d2l.book.reach import digest, reached_files
from d2l.common.checkpoints import write_atomically
from d2l.common.frameworks import FRAMEWORKS

STORE = CHAPTERS / "_outputs"
#: Packages of no framework that outputs depend on.
COMMON_PACKAGES = ("matplotlib", "numpy")

#: An output as in a notebook's file.
Output = dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """The outputs of a page in a framework, a list for each cell, with their keys."""

    keys: list[str]
    outputs: list[list[Output]]


def store_file(key: str, framework: str) -> Path:
    """Where the outputs of a page are kept."""
    return STORE / key / f"{framework}.json"


def current_keys(page: Page, framework: str) -> list[str]:
    """The keys that the outputs of the page's cells must have."""
    sources = [cell.source for cell in page.cells(framework)]
    files = reached_files("\n".join(sources), framework)
    key = _hash(framework, json.dumps(versions(framework)), digest(files))
    keys = []
    for source in sources:
        key = _hash(key, source)
        keys.append(key)
    return keys


def versions(framework: str) -> dict[str, str]:
    """The versions that outputs depend on, without the build they are of."""
    entry = FRAMEWORKS[framework]
    packages = {name: metadata.version(name) for name in COMMON_PACKAGES}
    packages |= {name: metadata.version(name) for name in entry.packages[1:]}
    packages[entry.packages[0]] = entry.version()
    return {name: version.partition("+")[0] for name, version in packages.items()}


def load(key: str, framework: str) -> Stored | None:
    """What is kept of a page, or None."""
    try:
        cells = json.loads(store_file(key, framework).read_text("utf-8"))["cells"]
    except FileNotFoundError:
        return None
    return Stored([c["key"] for c in cells], [c["outputs"] for c in cells])


def save(key: str, framework: str, stored: Stored) -> None:
    """Keep the outputs of a page."""
    pairs = zip(stored.keys, stored.outputs, strict=True)
    cells = [{"key": key, "outputs": outputs} for key, outputs in pairs]
    text = json.dumps({"cells": cells}, indent=1, ensure_ascii=False, sort_keys=True)
    write_atomically(store_file(key, framework), f"{text}\n".encode())


def is_stale(page: Page, framework: str) -> bool:
    """Whether the page has to be run again."""
    stored = load(page.key, framework)
    keys = stored.keys if stored else []
    return keys != current_keys(page, framework)


def left_over(pages: list[Page]) -> list[Path]:
    """Files of the store that no page has a use for."""
    wanted = {store_file(p.key, name) for p in pages for name in p.frameworks}
    return sorted(set(STORE.rglob("*.json")) - wanted)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
