"""`d2l book`: the pages run, checked, and made into a site and notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from d2l.cli import options
from d2l.cli.options import Frameworks
from d2l.cli.problems import BROKEN
from d2l.common.errors import D2LError, InputError

if TYPE_CHECKING:
    from d2l.book.pages import Page
    from d2l.book.run import Job

book = typer.Typer(help="The book: its pages, its site, its notebooks.")

Keys = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PAGE]...", help="Pages by their keys; all by default."),
]
Out = Annotated[Path, typer.Option(help="The folder to write to.")]
Workers = Annotated[int, typer.Option(min=1, help="How many at a time.")]
Framework = Annotated[str, typer.Option(help="The framework of the notebooks.")]


@book.command()
def run(
    pages: Keys = None,
    frameworks: Frameworks = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what has not changed.")
    ] = False,
    workers: Workers = 2,
) -> None:
    """Run the pages whose cells, library code or versions changed; keep the outputs."""
    _require_pages_and_packages()
    from d2l.book.renew import run_and_save
    from d2l.book.run import run_all
    from d2l.book.stale import State, states

    chosen = None if frameworks is None else options.names_in(frameworks)
    jobs = [
        job
        for job, state in states(_pages(pages)).items()
        if (chosen is None or job.framework in chosen)
        and (everything or state is not State.FRESH)
    ]
    failed = run_all(jobs, workers, run_and_save, _report)
    if failed:
        raise D2LError("\n".join(str(error) for error in failed))
    check(pages)


@book.command()
def check(
    pages: Keys = None,
    sample: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Run N pages, each in a framework, of those that only code shared "
            "with other pages made stale.",
        ),
    ] = 0,
    workers: Workers = 2,
) -> None:
    """Say which outputs are stale, and where frameworks print different numbers."""
    _require_pages_and_packages()
    from d2l.book.check import problems
    from d2l.book.renew import run_sample

    chosen = _pages(pages)
    found = problems(chosen, complete=not pages)
    outcome = run_sample(chosen, sample, workers, _report)
    found += outcome.problems
    for problem in found:
        print(problem)
    if sample or outcome.left:
        print(outcome)
    if found:
        raise typer.Exit(BROKEN)


@book.command()
def build(out: Out = Path("build/book")) -> None:
    """Build the site, which needs no server and no network, and check what it shows."""
    _require_pages_and_packages()
    from sphinx.cmd.build import build_main

    from d2l.book.pages import CHAPTERS

    _pages(None)
    arguments = ["-b", "html", "-W", "--keep-going", "-q"]
    if build_main([*arguments, str(CHAPTERS), str(out)]):
        raise D2LError("The site is not built: see the warnings above.")
    print(f"The book is in {out / 'index.html'}.")
    check()


@book.command()
def serve(
    out: Out = Path("build/book"),
    port: Annotated[int, typer.Option(help="0 for any free one.")] = 8000,
) -> None:
    """Show the built site to this machine alone, at a loopback address."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    if not (out / "index.html").is_file():
        raise InputError(f"There is no site in {out}: run `d2l book build` first.")
    handler = partial(SimpleHTTPRequestHandler, directory=os.fspath(out))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"The book is at http://127.0.0.1:{server.server_port}/ until Ctrl-C.")
        server.serve_forever()


@book.command()
def notebooks(framework: Framework, out: Out = Path("build/notebooks")) -> None:
    """Write one plain notebook for each page, in one framework."""
    _require_pages_and_packages()
    from d2l.book.notebooks import write_notebooks

    [name] = options.names_in(framework)
    written = write_notebooks(name, out)
    print(f"{len(written)} notebooks are in {out}.")


def _report(number: int, total: int, job: Job) -> None:
    """Say that a page was run."""
    print(f"{number}/{total} {job.title}", file=sys.stderr)


def _pages(keys: list[str] | None) -> list[Page]:
    """The pages asked for, all by default."""
    from d2l.book.pages import page_keys, read_page
    from d2l.trials import nearest

    known = page_keys()
    for key in keys or ():
        if key not in known:
            raise InputError(f"There is no page {key!r}{nearest(key, known)}.")
    return [read_page(key) for key in keys or known]


def _require_pages_and_packages() -> None:
    from importlib.util import find_spec

    from d2l.book.pages import require_pages

    require_pages()
    missing = [p for p in ("sphinx", "myst_nb", "nbclient") if find_spec(p) is None]
    if missing:
        raise D2LError(
            f"The book needs {', '.join(missing)}: pip install 'd2l-suite[book]'."
        )
