"""A progress bar for work in a terminal; silent everywhere else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from d2l.common.environment import in_notebook

__all__ = ["Bar", "in_notebook", "progress"]


class Bar(Protocol):
    """What `progress` gives to the code that does the work."""

    def advance(self, text: str | None = None) -> None:
        """Count one more step as done; `text` replaces the note beside the bar."""


class SilentBar:
    """Shows nothing: for notebooks, logs and pipes."""

    def advance(self, text: str | None = None) -> None:
        """Do nothing."""


class TerminalBar:
    """One line of a terminal.

    display: a running `rich.progress.Progress`.
    task: the number of this bar's line in it.
    """

    def __init__(self, display: Any, task: int) -> None:
        self.display = display
        self.task = task

    def advance(self, text: str | None = None) -> None:
        """Count one more step as done; `text` replaces the note beside the bar."""
        fields = {} if text is None else {"text": text}
        self.display.update(self.task, advance=1, **fields)


@contextmanager
def progress(description: str, total: int) -> Iterator[Bar]:
    """Show how far some work has come, on stderr if that is a terminal.

    description: what is being done, shown before the bar.
    total: the number of steps, each reported with `advance`.
    """
    if in_notebook() or not sys.stderr.isatty():
        yield SilentBar()
        return
    with _terminal_display() as display:
        yield TerminalBar(display, display.add_task(description, total=total, text=""))


def _terminal_display() -> Any:
    # Imported late: rich takes longer to import than most programs need it for.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[text]}", markup=False),
        console=Console(stderr=True),
    )
