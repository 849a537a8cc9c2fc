"""A page for every file of the library that the book shows, with its lines numbered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from d2l.book.pages import CHAPTERS
from d2l.parity.sources import Source

#: The folder of these pages in the site.
FOLDER = "code"


class file_reference(nodes.General, nodes.Element):
    """A link to a line of a file; where it leads depends on the page it is on."""


def reference(source: Source) -> nodes.Node:
    """A small link below a piece of code: where it is from."""
    node = file_reference(path=source.path, line=source.first_line)
    node["label"] = f"{source.path}, line {source.first_line}"
    return node


def visit_reference(self: Any, node: file_reference) -> None:
    """Link to the line, relative to this page."""
    page = f"{FOLDER}/{Path(node['path']).with_suffix('').as_posix()}"
    here = self.builder.current_docname
    target = self.builder.get_relative_uri(here, page)
    self.body.append(
        f'<p class="source-link"><a href="{target}#line-{node["line"]}">'
        f"{node['label']}</a></p>"
    )
    raise nodes.SkipNode


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """All files of the framework trees, as pages of the site."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    formatter = HtmlFormatter(linenos="inline", anchorlinenos=True, lineanchors="line")
    for path in shown_files():
        text = (CHAPTERS.parent / path).read_text("utf-8")
        body = highlight(text, PythonLexer(), formatter)
        name = f"{FOLDER}/{Path(path).with_suffix('').as_posix()}"
        context = {"title": path, "body": f"<h1>{path}</h1>{body}"}
        yield name, context, "page.html"


def shown_files() -> list[str]:
    """The files of code that pages may link to."""
    from d2l.common.frameworks import FRAMEWORKS

    root = CHAPTERS.parent
    # What the frameworks' names may be handed on from.
    trees = (root / "d2l" / name for name in (*FRAMEWORKS, "common"))
    files = (path for tree in trees for path in tree.rglob("*.py"))
    return sorted(path.relative_to(root).as_posix() for path in files)


def setup(app: Sphinx) -> None:
    """Add the node and the pages."""
    app.add_node(file_reference, html=(visit_reference, None))
    app.connect("html-collect-pages", pages)
