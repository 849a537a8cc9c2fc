"""`d2l parity`: the checks of trials, or of a reader's own models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from d2l.cli import options
from d2l.cli.options import Frameworks, Json, Pythons
from d2l.cli.problems import BROKEN, IMPOSSIBLE, say
from d2l.common.errors import InputError

if TYPE_CHECKING:
    from d2l.cli.parity_run import Result

Trials = Annotated[
    list[str] | None, typer.Argument(metavar="[TRIAL]...", help="Else all trials.")
]
PrecisionOrBoth = Annotated[
    str | None, typer.Option(metavar="NAME", help="float32 or float64, else both.")
]
Steps = Annotated[int, typer.Option(help="The length of the training curves.")]
Reference = Annotated[
    str | None,
    typer.Option(metavar="A", help="Whom the others are held against, else torch."),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="A=FILE.py:FUNCTION",
        help="A model of your own, two or more; the first is the reference.",
    ),
]
Batch = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.npz",
        help="For --model: arrays `inputs` (or `inputs.0`, ...) and `labels`.",
    ),
]
Loss = Annotated[
    str,
    typer.Option(
        help="For --model: cross_entropy or squared, or with the path of an output."
    ),
]
Names = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.json",
        help="For --model: by framework, the reference's name of each tensor.",
    ),
]
Axes = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH=AXES",
        help="For --model: axes in PyTorch's order, such as inputs.0='n c h w'.",
    ),
]
Junit = Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML.")]
Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page.")]


def parity(
    trials: Trials = None,
    frameworks: Frameworks = None,
    precision: PrecisionOrBoth = None,
    steps: Steps = 20,
    reference: Reference = None,
    python: Pythons = None,
    model: Models = None,
    batch: Batch = None,
    loss: Loss = "cross_entropy",
    axes: Axes = None,
    names: Names = None,
    json: Json = False,
    junit: Junit = None,
    html: Html = None,
) -> None:
    """Prove that frameworks agree: on trials, or on models of your own.

    Exits with 1 when they do not, and with 2 when a check could not be done.
    """
    options.at_least("--steps", steps, 1)
    for file in (junit, html):
        options.check_file(file)
    precisions = options.choose_precisions(precision)
    pythons = options.parse_pythons(python)
    if not model:
        _refuse({"--batch": batch, "--names": names, "--axes": axes}, "needs --model")
        results = _check_trials(
            trials, frameworks, precisions, steps, reference, pythons
        )
    else:
        alien = {"TRIAL": trials, "--frameworks": frameworks}
        _refuse({**alien, "--reference": reference}, "does not go with --model")
        from d2l.cli.parity_models import compare_own_models

        results = compare_own_models(
            model, batch, loss, precisions[0], names, pythons, axes or []
        )
    _report(results, json, junit, html)


def _refuse(given: dict[str, object], why: str) -> None:
    for option, value in given.items():
        if value:
            raise InputError(f"{option} {why}.")


def _check_trials(
    names: list[str] | None,
    frameworks: str | None,
    precisions: list[str],
    steps: int,
    reference: str | None,
    pythons: dict[str, str],
) -> list[Result]:
    from d2l import trials
    from d2l.cli.parity_run import check_trials

    found = [trials.find(name) for name in names or trials.TRIALS]
    chosen = options.choose_frameworks(frameworks, pythons)
    # The reference need not be checked itself, only be there.
    everyone = options.choose_frameworks(None, pythons)
    reference = options.choose_reference(reference, everyone)
    return check_trials(found, chosen, precisions, steps, reference, pythons)


def _report(
    results: list[Result], json: bool, junit: Path | None, html: Path | None
) -> None:
    """Print, write the files, and exit by what was found."""
    from d2l.cli import parity_report
    from d2l.cli.output import console, print_json
    from d2l.common.training.checkpoints import write_atomically

    if junit is not None:
        write_atomically(junit, parity_report.to_junit(results))
    if html is not None:
        write_atomically(html, parity_report.to_page(results))
    if json:
        print_json(parity_report.to_record(results))
    else:
        parity_report.print_results(console(), results)
    failed = [r for r in results if not r.passed]
    for error, titles in parity_report.by_error(failed).items():
        others = f" (and {len(titles) - 1} more checks)" if titles[1:] else ""
        say(f"{titles[0]}{others}: {error}")
    if any(r.error for r in failed):
        raise typer.Exit(IMPOSSIBLE)
    if failed:
        raise typer.Exit(BROKEN)
