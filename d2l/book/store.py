"""What the cells of the pages have printed and drawn, kept in the repository.

A page has a file of outputs for each framework, a list for each cell. Beside them, a
chapter has one small file, with a line for each page: for each framework the keys of
what the outputs depend on (see `keys`), and a digest of the file of outputs. When only
a key changes, the outputs' files, which are large, stay as they are.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from d2l.book.keys import DIGITS, Keys
from d2l.book.pages import CHAPTERS, Output, Page
from d2l.common.errors import DataError
from d2l.common.training.checkpoints import write_atomically

STORE = CHAPTERS / "_outputs"
#: The name of the file with a chapter's keys.
KEYS = "keys.json"

_WRITING_KEYS = Lock()


class Kept(NamedTuple):
    """What is known of a page's outputs in a framework.

    keys: of what they were when they were made, or last found to be true.
    digest: of the file, so that a change by hand is noticed.
    """

    keys: Keys
    digest: str


def store_file(key: str, framework: str) -> Path:
    """Where the outputs of a page are kept."""
    return STORE / key / f"{framework}.json"


def keys_file(key: str) -> Path:
    """Where the keys of a page's chapter are kept."""
    return STORE / key.partition("/")[0] / KEYS


def load(key: str, framework: str) -> list[list[Output]] | None:
    """The outputs of each of a page's cells, or None."""
    path = store_file(key, framework)
    found = _read(path)
    if found is not None and not isinstance(found.get("cells"), list):
        raise DataError(f"{path} holds no outputs of cells.")
    return None if found is None else [cell["outputs"] for cell in found["cells"]]


def save(key: str, framework: str, outputs: list[list[Output]], keys: Keys) -> None:
    """Keep the outputs of a page."""
    content = {"cells": [{"outputs": shown} for shown in outputs]}
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
    write_atomically(store_file(key, framework), f"{text}\n".encode())
    renew(key, framework, keys)


def renew(key: str, framework: str, keys: Keys) -> None:
    """Keep the keys of outputs that are there, and are true."""
    path, name = keys_file(key), key.partition("/")[2]
    entry = " ".join((*keys, digest(key, framework)))
    with _WRITING_KEYS:
        chapter = _chapter(path)
        chapter[name] = {**chapter.get(name, {}), framework: entry}
        lines = [
            f"{json.dumps(page)}: {json.dumps(chapter[page], sort_keys=True)}"
            for page in sorted(chapter)
        ]
        write_atomically(path, "{{\n{}\n}}\n".format(",\n".join(lines)).encode())


def kept(key: str, framework: str) -> Kept | None:
    """What is known of a page's outputs, or None."""
    page = _chapter(keys_file(key)).get(key.partition("/")[2], {})
    parts = page.get(framework, "").split()
    return Kept(Keys(*parts[:2]), parts[2]) if len(parts) == 3 else None


def digest(key: str, framework: str) -> str:
    """A hash of what a page's file of outputs says now; "" if there is none."""
    try:
        text = store_file(key, framework).read_text("utf-8")
    except FileNotFoundError:
        return ""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def left_over(pages: list[Page]) -> list[str]:
    """A sentence for whatever is in the store that no page has a use for."""
    wanted = {store_file(p.key, name) for p in pages for name in p.frameworks}
    files, chapters = set(STORE.rglob("*.json")), {keys_file(p.key) for p in pages}
    entries = {
        path: {
            f"{name} in {framework}"
            for name, frameworks in _chapter(path).items()
            for framework in frameworks
            if store_file(f"{path.parent.name}/{name}", framework) not in wanted
        }
        for path in sorted(files & chapters)
    }
    return [
        *(
            f"{path}: no page has this output."
            for path in sorted(files - wanted - chapters)
        ),
        *(
            f"{path}: no page is {e}."
            for path in entries
            for e in sorted(entries[path])
        ),
    ]


def _chapter(path: Path) -> dict[str, dict[str, str]]:
    """The keys of a chapter's pages; empty if there are none."""
    found = _read(path) or {}
    for page in found.values():
        if not isinstance(page, dict):
            raise DataError(f"{path} holds no keys of pages.")
    return found


def _read(path: Path) -> dict[str, Any] | None:
    """A file that holds an object; None if there is no file."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DataError(
            f"{path} is no whole JSON ({error}): restore it, or delete it and run its "
            "pages with `d2l book run`."
        ) from error
    if not isinstance(found, dict):
        raise DataError(f"{path} holds no JSON object.")
    return found
