"""`d2l list`: what there is, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

import d2l
from d2l.cli.options import Json
from d2l.common.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

PARTS = ("frameworks", "trials", "sections")

What = Annotated[
    str | None,
    typer.Argument(metavar="[WHAT]", help=f"Only {', '.join(PARTS)}."),
]


def list_(what: What = None, json: Json = False) -> None:
    """List frameworks, trials and sections, and what is missing."""
    if what is not None and what not in PARTS:
        raise InputError(f"There is no list of {what!r}: choose {' or '.join(PARTS)}.")
    wanted = PARTS if what is None else (what,)
    make = {"frameworks": frameworks, "trials": trials, "sections": sections}
    found = {part: make[part]() for part in wanted}
    from d2l.cli.output import console, print_json

    if json:
        print_json({"version": d2l.__version__, **found})
        return
    screen = console()
    show = {
        "frameworks": _show_frameworks,
        "trials": _show_trials,
        "sections": _show_sections,
    }
    for part in wanted:
        show[part](screen, found[part])


def frameworks() -> list[dict[str, Any]]:
    """All four, whether they can be used here, and if not, why."""
    from d2l.common.frameworks import FRAMEWORKS

    return [
        {
            "framework": f.key,
            "title": f.title,
            "installed": not f.missing(),
            "version": f.version() if not f.missing() else None,
            "reason": f.why_absent(),
        }
        for f in FRAMEWORKS.values()
    ]


def trials() -> list[dict[str, Any]]:
    """All trials, and which of their data are on this machine."""
    from d2l.trials import TRIALS

    return [
        {
            "name": r.name,
            "title": r.title,
            "section": r.section,
            "data": {
                name: is_present(choice.catalogue) for name, choice in r.data.items()
            },
        }
        for r in TRIALS.values()
    ]


def is_present(catalogue_name: str | None) -> bool:
    """Whether the files of a data set are there; some need none."""
    from d2l.common.data import catalogue

    return catalogue_name is None or catalogue.is_present(catalogue_name)


def sections() -> list[dict[str, Any]]:
    """The sections in reading order, and the frameworks that have a module."""
    from d2l.common.contents import read_contents
    from d2l.common.frameworks import FRAMEWORKS
    from d2l.parity.sources import section_file

    return [
        {
            "key": section.key,
            "title": section.title,
            "chapter": chapter.title,
            "kind": section.kind,
            "modules": [
                key for key in FRAMEWORKS if section_file(section.key, key).is_file()
            ],
        }
        for chapter in read_contents()
        for section in chapter.sections
    ]


def _show_frameworks(screen: Console, found: list[dict[str, Any]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table("framework", "version", "", title="Frameworks", title_justify="left")
    for row in found:
        note = "[green]ok[/green]" if row["installed"] else escape(row["reason"])
        table.add_row(row["title"], row["version"] or "-", note)
    screen.print(table)


def _show_trials(screen: Console, found: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table("trial", "title", "data", title="Trials", title_justify="left")
    for row in found:
        data = ", ".join(
            name if present else f"[dim]{name} (absent)[/dim]"
            for name, present in row["data"].items()
        )
        table.add_row(row["name"], row["title"], data)
    screen.print(table)


def _show_sections(screen: Console, found: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from d2l.common.contents import SHARED

    table = Table("section", "title", "code", title="Sections", title_justify="left")
    for row in found:
        code = "one for all" if row["kind"] == SHARED else " ".join(row["modules"])
        table.add_row(row["key"], row["title"], code)
    screen.print(table)
