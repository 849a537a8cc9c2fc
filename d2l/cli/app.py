"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

import d2l
from d2l.cli.book import book
from d2l.cli.code import code
from d2l.cli.compare import compare
from d2l.cli.doctor import doctor
from d2l.cli.list import list_
from d2l.cli.parity import parity
from d2l.cli.problems import Commands
from d2l.cli.train import train
from d2l.cli.weights import weights

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


app.command("list")(list_)
app.command()(compare)
app.command()(train)
app.command()(parity)
app.add_typer(weights, name="weights", no_args_is_help=True)
app.command()(code)
app.add_typer(book, name="book", no_args_is_help=True)
app.command()(doctor)
