"""A page in one framework as a plain notebook: no tabs, no directives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from d2l.book.markdown import Plain
from d2l.book.pages import Page, Text, page_keys, read_page
from d2l.book.run import SEEDS
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.training.checkpoints import write_atomically

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: A notebook says what it needs, in words that work on any machine.
INSTALL = """This notebook is the {title} edition of a page of the book. It needs the
package `d2l-suite` with {title}; from a clone of its repository:

```sh
pip install -e '.[{framework},book]'
```"""


def write_notebooks(framework: str, folder: Path) -> list[Path]:
    """Write a notebook for each page that has cells; returns their paths."""
    written = []
    for key in page_keys():
        page = read_page(key)
        if page.cells(framework):
            path = folder / f"{key}.ipynb"
            write_atomically(path, notebook_bytes(page, framework))
            written.append(path)
    return written


def notebook_bytes(page: Page, framework: str) -> bytes:
    """A page's notebook as the file it is stored in."""
    import nbformat

    return f"{nbformat.writes(notebook(page, framework))}\n".encode()


def notebook(page: Page, framework: str) -> NotebookNode:
    """A page as one framework's notebook, without outputs."""
    import nbformat.v4 as v4

    plain = Plain(page.key, framework)
    cells = []
    for part in page.parts:
        if isinstance(part, Text):
            text = plain.convert(part.source)
            cells += [v4.new_markdown_cell(text)] if text else []
        elif framework in part.frameworks:
            tags = {"tags": list(part.tags)} if part.tags else {}
            cells.append(v4.new_code_cell(part.source, metadata=tags))
    title = FRAMEWORKS[framework].title
    first = INSTALL.format(title=title, framework=framework)
    seeds = (
        f"# Seeds, so that everything shows what the book shows.\n{SEEDS[framework]}"
    )
    cells = [v4.new_markdown_cell(first), v4.new_code_cell(seeds), *cells]
    for number, cell in enumerate(cells):
        # Names that stay the same from one build to the next.
        cell["id"] = f"cell-{number}"
    metadata = {
        "kernelspec": {
            "name": "python3",
            "display_name": f"Python 3 ({title})",
            "language": "python",
        },
        "language_info": {"name": "python"},
        "d2l": {"page": page.key, "framework": framework},
    }
    return v4.new_notebook(cells=cells, metadata=metadata)
