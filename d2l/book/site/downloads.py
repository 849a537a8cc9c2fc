"""Notebooks of every page in each framework, beside the pages and as zip files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from d2l.book.notebooks import write_notebooks
from d2l.book.pages import page_keys, read_page
from d2l.common.errors import InputError
from d2l.common.frameworks import FRAMEWORKS

FOLDER = "notebooks"
#: The same moment in every archive, so that the same notebooks are the same file.
_MOMENT = (2020, 1, 1, 0, 0, 0)


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the notebooks into the finished site."""
    if error or app.builder.format != "html":
        return
    for framework in FRAMEWORKS:
        folder = Path(app.outdir, FOLDER, framework)
        try:
            files = write_notebooks(framework, folder)
        except InputError as problem:  # one sentence is enough
            raise SphinxError(str(problem)) from problem
        with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
            for path in files:
                name = f"d2l-{framework}/{path.relative_to(folder).as_posix()}"
                entry = zipfile.ZipInfo(name, _MOMENT)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def links(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Tell a page's template which frameworks it has notebooks in."""
    if page not in page_keys():
        return
    base = app.config.d2l_open_notebooks_at
    context["notebooks"] = [
        {
            "framework": name,
            "title": FRAMEWORKS[name].title,
            "path": f"{FOLDER}/{name}/{page}.ipynb",
            "archive": f"{FOLDER}/{name}.zip",
            "open": base.format(framework=name, page=page) if base else "",
        }
        for name in read_page(page).frameworks
    ]


def setup(app: Sphinx) -> None:
    """Add the setting and what writes the files.

    d2l_open_notebooks_at: an address with {framework} and {page} in it, where the
    notebooks can be opened and run; none by default, as the site is a folder.
    """
    app.add_config_value("d2l_open_notebooks_at", "", "html", types=[str])
    app.connect("html-page-context", links)
    app.connect("build-finished", write)
