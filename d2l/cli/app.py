"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

import d2l
from d2l.cli.compare import compare
from d2l.cli.list import list_
from d2l.cli.problems import Commands

app = typer.Typer(
    name="d2l",
    cls=Commands,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"d2l-suite {d2l.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_print_version),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks; works anywhere.")
    ] = False,
) -> None:
    """Dive into Deep Learning in four frameworks, proven to agree."""
    if context.invoked_subcommand is None:
        print(context.get_help())


app.command()(compare)
app.command("list")(list_)
