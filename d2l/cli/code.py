"""`d2l code`: two to four implementations side by side."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from d2l.cli import options
from d2l.cli.options import Frameworks, Json
from d2l.common.errors import InputError
from d2l.common.frameworks import FRAMEWORKS

if TYPE_CHECKING:
    from rich.console import Console

    from d2l.parity.sources import Source

#: Narrower columns break too many lines.
COLUMN_WIDTH = 50

What = Annotated[
    str,
    typer.Argument(metavar="WHAT", help="A trial, a section's key or a public name."),
]


def code(what: What, frameworks: Frameworks = None, json: Json = False) -> None:
    """Show the implementations of a model or function side by side.

    The frameworks need not be installed: their code is read, not run. A mark
    stands beside lines that are not the same in all of them. What they share is
    shown once.
    """
    from d2l.cli.output import console, print_json

    chosen = list(FRAMEWORKS) if frameworks is None else options.names_in(frameworks)
    sources = find_sources(what, chosen)
    if json:
        rows = [
            {
                "framework": None if s.is_shared else s.framework,
                "path": s.path,
                "code": s.text,
            }
            for s in sources
        ]
        print_json({"what": what, "sources": rows})
        return
    screen = console()
    fits = _is_terminal() and screen.width // len(sources) >= COLUMN_WIDTH
    (_show_columns if fits else _show_below)(screen, sources)


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def find_sources(what: str, frameworks: list[str]) -> list[Source]:
    """The code of a trial's section, of a section, or of a public name.

    What several frameworks share comes once.
    """
    from d2l.parity.sources import name_sources, section_sources

    key = _section_of(what)
    if key is not None:
        sources = section_sources(key, frameworks)
    else:
        sources = name_sources(what, frameworks)
    if not sources:
        raise InputError(_why_nothing(what, key, frameworks))
    return list({(s.path, s.first_line): s for s in sources}.values())


def _section_of(what: str) -> str | None:
    """The key of the section meant: by trial, by key, or by the key's end."""
    from d2l.trials import TRIALS

    if what in TRIALS:
        return TRIALS[what].section
    keys = _section_keys()
    ends = [key for key in keys if key.rpartition("/")[2] == what]
    return what if what in keys else next(iter(ends), None)


def _section_keys() -> list[str]:
    from d2l.common.contents import read_contents

    return [section.key for chapter in read_contents() for section in chapter.sections]


def _why_nothing(what: str, key: str | None, frameworks: list[str]) -> str:
    from d2l.parity.sources import public_names
    from d2l.trials import TRIALS, nearest

    if key is not None:
        return f"The section {key} has no code of its own in {', '.join(frameworks)}."
    names = [*TRIALS, *_section_keys(), *public_names("torch")]
    return f"There is no trial, section or name {what!r}{nearest(what, names)}."


def _title(source: Source) -> str:
    if source.is_shared:
        return f"One for all frameworks: {source.path}"
    return f"{FRAMEWORKS[source.framework].title}: {source.path}"


def _show_below(screen: Console, sources: list[Source]) -> None:
    """One below the other; as plain text where there is no terminal."""
    from rich.syntax import Syntax

    for source in sources:
        print(f"# {_title(source)}:{source.first_line}")
        if _is_terminal():
            screen.print(Syntax(source.text, "python", theme="ansi_dark"))
        else:
            print(source.text.rstrip("\n"))
        print()


def _show_columns(screen: Console, sources: list[Source]) -> None:
    from rich.syntax import Syntax
    from rich.table import Table

    from d2l.parity.sources import own_lines

    table = Table.grid(expand=True, padding=(0, 1))
    for _ in sources:
        table.add_column(ratio=1)
    table.add_row(*(f"[bold]{_title(source)}[/bold]" for source in sources))
    table.add_row(
        *(
            Syntax(
                source.text,
                "python",
                # The terminal's own colours fit its background.
                theme="ansi_dark",
                line_numbers=True,
                start_line=source.first_line,
                highlight_lines={i + source.first_line for i in own},
                word_wrap=True,
            )
            for source, own in zip(sources, own_lines(sources), strict=True)
        )
    )
    screen.print(table)
