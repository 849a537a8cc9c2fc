"""A comparison as a table on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.comparison import ROWS, Comparison, Difference, Plan
from d2l.parity.run import Run

HEIGHTS = "▁▂▃▄▅▆▇█"
SPARK_WIDTH = 10  # Four frameworks fit into 80 columns.
#: Of one framework; all of them are in the record.
MOST_PROBLEMS = 5


def print_comparison(screen: Console, comparison: Comparison) -> None:
    """The frameworks side by side, then what is beyond its tolerance."""
    screen.print(_heading(comparison.plan))
    screen.print(_table(comparison))
    for difference in comparison.differences:
        problems = difference.problems
        for problem in problems[:MOST_PROBLEMS]:
            screen.print(f"[red]{escape(problem)}[/red]")
        if len(problems) > MOST_PROBLEMS:
            left = len(problems) - MOST_PROBLEMS
            screen.print(f"[red]and {left} more of {difference.framework}[/red]")


def print_run(screen: Console, plan: Plan, run: Run) -> None:
    """One framework alone."""
    screen.print(_heading(plan))
    screen.print(_facts(plan, [run]))


def _heading(plan: Plan) -> str:
    unit = "epoch" if plan.epochs == 1 else "epochs"
    return (
        f"[bold]{plan.subject}[/bold], {plan.precision}, "
        f"{plan.epochs} {unit}, seed {plan.seed}"
    )


def _facts(plan: Plan, runs: list[Run]) -> Table:
    table = Table("")
    for run in runs:
        table.add_column(FRAMEWORKS[run.framework].title, justify="right")
    records = [run.as_record(plan.metric) for run in runs]
    for title, key, form in ROWS:
        cells = (_number(record[key], form) for record in records)
        table.add_row(title.format(metric=plan.metric), *cells)
    table.add_row("loss", *(sparkline(r["curve"]) for r in records), end_section=True)
    return table


def _table(comparison: Comparison) -> Table:
    table = _facts(comparison.plan, comparison.runs)
    if comparison.differences:
        reference = FRAMEWORKS[comparison.reference].title
        table.add_row(f"[bold]off {reference}[/bold]", *_cells(comparison, _verdict))
    for kind, limit in comparison.tolerances().items():
        if comparison.differences:
            table.add_row(kind, *_cells(comparison, partial(_error, kind, limit)))
    return table


def _cells(comparison: Comparison, tell: Callable[[Difference], str]) -> list[str]:
    """A cell for each run; the reference has no difference to itself."""
    found = {d.framework: tell(d) for d in comparison.differences}
    return [found.get(run.framework, "[dim]reference[/dim]") for run in comparison.runs]


def _verdict(difference: Difference) -> str:
    return "[red]BROKEN[/red]" if difference.problems else "[green]ok[/green]"


def _error(kind: str, limit: float, difference: Difference) -> str:
    error = difference.error(kind)
    if error is None:
        return "[dim]failed[/dim]"
    if difference.passed(kind) and limit == inf:
        return f"{error:.1e}   "  # told, not judged
    passed = difference.passed(kind)
    mark = "[green]ok[/green]" if passed else "[red]BROKEN[/red]"
    return f"{error:.1e} {mark}"


def _number(value: object, form: str) -> str:
    if value is None:
        return "-"
    return escape(format(value, form))


def sparkline(values: list[float | None], width: int = SPARK_WIDTH) -> str:
    """A curve in one line; an x stands where it is not finite."""
    places = [values[i * len(values) // width] for i in range(width) if values]
    known = [v for v in places if v is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    scale = (len(HEIGHTS) - 1) / (high - low) if high > low else 0.0
    return "".join(
        "x" if v is None else HEIGHTS[round((v - low) * scale)] for v in places
    )
