"""The book's chapters and sections, in reading order."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from d2l.common.errors import D2LError

#: The pages lie beside the package in the repository; they are not installed.
CONTENTS_FILE = Path(__file__).parents[2] / "chapters" / "contents.toml"


@dataclass(frozen=True)
class Section:
    """A section of the book.

    key: chapter and section, such as "convolutional_neural_networks/lenet".
    """

    key: str
    title: str


@dataclass(frozen=True)
class Chapter:
    """A chapter of the book, with its sections in reading order."""

    key: str
    title: str
    sections: tuple[Section, ...]


def read_contents() -> list[Chapter]:
    """Return the chapters in reading order.

    raises: D2LError when the book's pages are not there.
    """
    try:
        text = CONTENTS_FILE.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise D2LError(
            "The book's pages are not installed with the package: run this from a "
            "clone of the repository, installed with `pip install -e .`."
        ) from None
    return [_read_chapter(**chapter) for chapter in tomllib.loads(text)["chapters"]]


def _read_chapter(key: str, title: str, sections: list[dict[str, str]]) -> Chapter:
    pages = (Section(f"{key}/{page['key']}", page["title"]) for page in sections)
    return Chapter(key, title, tuple(pages))
