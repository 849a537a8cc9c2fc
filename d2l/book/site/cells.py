"""A page's text and its kept outputs, put together as the notebook MyST-NB reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
from sphinx.application import Sphinx

from d2l.book.pages import Cell, Output, Page, Text, parse_page
from d2l.book.store import load
from d2l.common.contents import read_contents

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Pages after the chapters.
LAST_PAGES = ("coverage", "differences", "references")
#: How a cell's framework is written in its notebook's tags.
TAG = "framework-"


def setup(app: Sphinx) -> None:
    """Have pages read as notebooks."""
    app.connect("source-read", _read)


def as_notebook(text: str) -> NotebookNode:
    """What MyST-NB calls for every file ending in .md: all are notebooks by now."""
    return nbformat.reads(text, as_version=4)


def _read(app: Sphinx, name: str, source: list[str]) -> None:
    page = parse_page(name, source[0] + _contents(name))
    source[0] = nbformat.writes(with_outputs(page))


def _contents(name: str) -> str:
    """The table of contents at the end of the first page of a part, or nothing."""
    chapters = read_contents()
    if name == "index":
        entries = [f"{chapter.key}/index" for chapter in chapters] + list(LAST_PAGES)
    else:
        keys = {f"{c.key}/index": [s.key for s in c.sections] for c in chapters}
        entries = keys.get(name, [])
    lines = "\n".join(f"/{entry}" for entry in entries)
    return f"\n\n```{{toctree}}\n:maxdepth: 1\n\n{lines}\n```\n" if entries else ""


def with_outputs(page: Page) -> NotebookNode:
    """The page as a notebook: a cell of several frameworks becomes several cells."""
    shown = _outputs(page)
    cells = []
    for part in page.parts:
        if isinstance(part, Text):
            cells.append(nbformat.v4.new_markdown_cell(part.source))
        else:
            cells += _notebook_cells(part, shown)
    language = {"name": "python", "pygments_lexer": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"language_info": language})


def _outputs(page: Page) -> dict[tuple[int, str], list[Output]]:
    """What each cell shows in each framework; nothing where that is not kept."""
    found = {}
    for framework in page.frameworks:
        stored = load(page.key, framework)
        for cell, outputs in zip(page.cells(framework), stored or [], strict=False):
            found[cell.number, framework] = outputs
    return found


def _notebook_cells(
    cell: Cell, shown: dict[tuple[int, str], list[Output]]
) -> list[NotebookNode]:
    outputs = {name: shown.get((cell.number, name), []) for name in cell.frameworks}
    first, *others = outputs.values()
    if len(outputs) > 1 and all(other == first for other in others):
        return [_code(cell.source, first, [])]
    if len(outputs) == 1:
        return [_code(cell.source, first, [TAG + cell.frameworks[0]])]
    # One code, and what it shows in each framework.
    return [
        _code(cell.source, [], []),
        *(
            _code(cell.source, found, [TAG + name, "remove-input"])
            for name, found in outputs.items()
        ),
    ]


def _code(source: str, outputs: list[Output], tags: list[str]) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": tags})
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    return cell
