"""Bars on a terminal that show how far each framework has come."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.compare import Watcher


class Bars(Watcher):
    """A line for each framework."""

    def __init__(self, display: Progress, frameworks: Iterable[str]):
        self.display = display
        self.tasks = {
            name: display.add_task(
                FRAMEWORKS[name].title, total=None, start=False, text=""
            )
            for name in frameworks
        }

    def stage(self, framework: str, text: str) -> None:
        """Show what the framework does now."""
        if text == "training":
            self.display.start_task(self.tasks[framework])
        if text in ("trained", "failed"):
            self.display.stop_task(self.tasks[framework])
        self.display.update(self.tasks[framework], text=text)

    def step(self, framework: str, state: dict[str, Any]) -> None:
        """Show the step and its loss."""
        self.display.update(
            self.tasks[framework],
            completed=state["step"],
            total=state["steps"],
            text=f"loss {state['loss']:.4g}",
        )


@contextmanager
def watching(frameworks: Iterable[str]) -> Iterator[Watcher]:
    """A watcher: bars if standard error is a terminal, else a silent one."""
    if not sys.stderr.isatty():
        yield Watcher()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[text]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        yield Bars(display, frameworks)
