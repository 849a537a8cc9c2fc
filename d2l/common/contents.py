"""The book's chapters and sections, in reading order."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from d2l.common.errors import D2LError

CONTENTS_FILE = Path(__file__).with_name("contents.toml")

#: The kind of a section whose code touches no tensor: it is written once, in
#: `d2l/common/<key>.py`, and all frameworks hand on the same objects.
SHARED = "shared"


@dataclass(frozen=True)
class Section:
    """A section of the book.

    key: chapter and section, such as "convolutional_neural_networks/lenet";
    kind: SHARED, or None where each framework has its own code, or none has any.
    """

    key: str
    title: str
    kind: str | None = None


@dataclass(frozen=True)
class Chapter:
    """A chapter of the book, with its sections in reading order."""

    key: str
    title: str
    sections: tuple[Section, ...]


def read_contents() -> list[Chapter]:
    """Return the chapters in reading order.

    raises: D2LError when a kind is unknown.
    """
    text = CONTENTS_FILE.read_text(encoding="utf-8")
    return [_read_chapter(**chapter) for chapter in tomllib.loads(text)["chapters"]]


def _read_chapter(key: str, title: str, sections: list[dict[str, str]]) -> Chapter:
    pages = tuple(
        Section(f"{key}/{page['key']}", page["title"], page.get("kind"))
        for page in sections
    )
    for page in pages:
        if page.kind not in (None, SHARED):
            raise D2LError(f"{page.key}: there is no kind {page.kind!r}, but {SHARED}.")
    return Chapter(key, title, pages)
