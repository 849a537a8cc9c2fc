"""Pages: MyST Markdown whose code cells say by their tags which framework runs them.

A cell without a framework's tag runs in all of them. Other tags: `agree`, what it
prints must be the same in all frameworks; `raises-exception`, it shows an error;
`varies`, the numbers that it shows are others each time, such as seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from d2l.book.imports import expand_imports
from d2l.common.contents import read_contents
from d2l.common.errors import D2LError, InputError
from d2l.common.frameworks import FRAMEWORKS

#: Where the pages are: beside the package in the repository; they are not installed.
CHAPTERS = Path(__file__).parents[2] / "chapters"
#: What a cell may be tagged with, besides frameworks.
AGREE, RAISES, VARIES = "agree", "raises-exception", "varies"

#: What a cell prints, returns or draws, as in a notebook's file.
Output = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """A stretch of Markdown between cells."""

    source: str


@dataclass(frozen=True)
class Cell:
    """A cell of code.

    frameworks: those that run it.
    tags: the others.
    number: from 1, on the page.
    """

    source: str
    frameworks: tuple[str, ...]
    tags: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Page:
    """A page of the book.

    key: the path without its ending, such as "linear_regression/oo_design".
    """

    key: str
    parts: tuple[Text | Cell, ...]

    def cells(self, framework: str | None = None) -> list[Cell]:
        """Its cells; with a framework, those that it runs."""
        cells = [part for part in self.parts if isinstance(part, Cell)]
        return [c for c in cells if framework is None or framework in c.frameworks]

    @property
    def frameworks(self) -> list[str]:
        """Those that run a cell of it."""
        return [name for name in FRAMEWORKS if self.cells(name)]


def require_pages() -> None:
    """Raise D2LError where the package is installed without the repository."""
    if not (CHAPTERS / "conf.py").is_file():
        raise D2LError(
            "The book's pages are not installed with the package: run this from a "
            "clone of the repository, installed with `pip install -e .`."
        )


def page_keys() -> list[str]:
    """The keys of all pages in reading order, chapters' first pages among them."""
    return [
        key
        for chapter in read_contents()
        for key in (f"{chapter.key}/index", *(s.key for s in chapter.sections))
    ]


def page_file(key: str) -> Path:
    """The file of a page."""
    return CHAPTERS / f"{key}.md"


def read_page(key: str) -> Page:
    """Read a page by its key; InputError says what is wrong with it."""
    return parse_page(key, page_file(key).read_text("utf-8"))


def parse_page(key: str, text: str) -> Page:
    """Take a page's text apart."""
    from myst_nb.core.read import read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    config = MdParserConfig(enable_extensions={"dollarmath", "colon_fence"})
    parts: list[Text | Cell] = []
    number = 0
    for cell in read_myst_markdown_notebook(expand_imports(key, text), config).cells:
        if cell.cell_type == "code":
            number += 1
            tags = cell.metadata.get("tags", [])
            parts.append(_cell(key, cell.source, tags, number))
        else:
            parts.append(Text(cell.source))
    return Page(key, tuple(parts))


def _cell(key: str, source: str, tags: list[str], number: int) -> Cell:
    others = tuple(tag for tag in tags if tag not in FRAMEWORKS)
    unknown = set(others) - {AGREE, RAISES, VARIES}
    if unknown:
        known = ", ".join([*FRAMEWORKS, AGREE, RAISES, VARIES])
        raise InputError(
            f"{key}, cell {number}: there is no tag {min(unknown)!r}, but {known}."
        )
    frameworks = tuple(name for name in FRAMEWORKS if name in tags)
    if len(frameworks) > 1:
        raise InputError(
            f"{key}, cell {number}: a cell is one framework's, or without a "
            "framework's tag all of theirs."
        )
    return Cell(source, frameworks or tuple(FRAMEWORKS), others, number)
