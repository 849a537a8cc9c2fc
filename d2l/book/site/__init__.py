"""The Sphinx extension that makes the site: what the book needs beyond Sphinx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from d2l.book.site import (
    cells,
    code_pages,
    downloads,
    frameworks,
    library,
    parity,
    tables,
)

_FOLDER = Path(__file__).parent


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the extension to a Sphinx application."""
    for part in (cells, frameworks, library, code_pages, parity, tables, downloads):
        part.setup(app)
    app.connect("config-inited", _add_folders)
    app.add_css_file("frameworks.css")
    app.add_js_file("frameworks.js", loading_method="defer")
    app.add_js_file("differences.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add_folders(app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(_FOLDER / "static"))
    config.templates_path.append(str(_FOLDER / "templates"))
