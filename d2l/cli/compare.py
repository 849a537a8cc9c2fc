"""`d2l compare`: one trial in several frameworks, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from d2l.cli import options
from d2l.cli.options import (
    Data,
    Epochs,
    Frameworks,
    Json,
    Precision,
    Pythons,
    Seed,
    TrialName,
)
from d2l.cli.problems import BROKEN, IMPOSSIBLE, report_failures

if TYPE_CHECKING:
    from d2l.parity.comparison import Comparison, Plan

Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Write compare.json, curves.svg, index.html."),
]
Reference = Annotated[
    str | None,
    typer.Option(metavar="A", help="Whom the others are held against, else torch."),
]
Jobs = Annotated[int, typer.Option(help="Frameworks that train at once; times suffer.")]


def compare(
    trial: TrialName,
    data: Data = None,
    epochs: Epochs = None,
    seed: Seed = 0,
    precision: Precision = "float32",
    frameworks: Frameworks = None,
    python: Pythons = None,
    reference: Reference = None,
    out: Out = None,
    jobs: Jobs = 1,
    json: Json = False,
) -> None:
    """Train a trial in several frameworks from the same weights and batches.

    Exits with 1 when a tolerance is broken, and with 2 when a framework failed;
    the others' results are kept.
    """
    options.at_least("--jobs", jobs, 1)
    pythons = options.parse_pythons(python)
    chosen = options.choose_frameworks(frameworks, pythons)
    options.check_folder(out)
    given = (trial, data, epochs, seed, precision, chosen, reference)
    plan = options.make_plan(*given, command="compare")
    finish(carry_out(plan, pythons, jobs), out, json)


def finish(comparison: Comparison, out: Path | None, json: bool) -> None:
    """Show what was found, and exit accordingly."""
    if comparison.runs:
        show(comparison, out, json)
    report_failures(comparison.failures)
    if comparison.failures:
        raise typer.Exit(IMPOSSIBLE)
    if not comparison.passed:
        raise typer.Exit(BROKEN)


def carry_out(plan: Plan, pythons: dict[str, str], jobs: int) -> Comparison:
    """Train and compare, with bars on a terminal."""
    from d2l.cli.live import watching
    from d2l.parity.compare import Comparer
    from d2l.parity.pool import Pool

    with Pool(pythons) as pool, watching(plan.frameworks) as watcher:
        return Comparer(plan, pool, watcher, jobs).compare()


def show(comparison: Comparison, out: Path | None, json: bool) -> None:
    """Print the results and write the files, all of them at the end."""
    from d2l.cli.output import console, print_json

    if out is not None:
        from d2l.parity.report import write_report

        write_report(comparison, out)
    if json:
        print_json(comparison.as_record())
        return
    from d2l.cli.compare_table import print_comparison

    screen = console()
    print_comparison(screen, comparison)
    if out is not None:
        screen.print(f"Written: {out / 'index.html'}, curves.svg, compare.json")
