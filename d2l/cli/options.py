"""The options that several commands share, and what they may be."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from d2l.common.errors import InputError
from d2l.common.frameworks import (
    FRAMEWORKS,
    FrameworkError,
    installed,
    require as require_framework,
)

if TYPE_CHECKING:
    from d2l.parity.comparison import Plan
    from d2l.trials import Trial

PRECISIONS = ("float32", "float64")

TrialName = Annotated[
    str, typer.Argument(metavar="TRIAL", help="A trial; see `d2l list trials`.")
]
Data = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="One of the trial's data sets."),
]
Epochs = Annotated[
    int | None, typer.Option(help="Passes over the data, else the trial's.")
]
Seed = Annotated[int, typer.Option(help="Decides weights and the order of batches.")]
Precision = Annotated[str, typer.Option(help="float32 or float64.")]
Frameworks = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="Some frameworks instead of all installed."),
]
Pythons = Annotated[
    list[str] | None,
    typer.Option(
        "--python", metavar="A=PATH", help="Run a framework in another interpreter."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def at_least(option: str, value: int | None, minimum: int) -> None:
    """Refuse a number that is too small."""
    if value is not None and value < minimum:
        raise InputError(f"{option} must be {minimum} or more, not {value}.")


def check_precision(precision: str) -> str:
    """One of the precisions."""
    return _one_of("precision", precision, PRECISIONS)


def choose_precisions(precision: str | None) -> list[str]:
    """The one asked for, else both, the one that proves more first."""
    if precision is None:
        return ["float64", "float32"]
    return [check_precision(precision)]


def check_framework(name: str) -> str:
    """The key of a framework, installed or not."""
    try:
        return _one_of("framework", name, tuple(FRAMEWORKS))
    except InputError as error:
        raise FrameworkError(str(error)) from None


def _one_of(what: str, name: str, names: tuple[str, ...]) -> str:
    if name in names:
        return name
    from d2l.trials import nearest

    # Where nothing is near, the list itself says enough.
    near = nearest(name, list(names))
    near = near if "did you mean" in near else ""
    *others, last = names
    raise InputError(
        f"There is no {what} {name!r}{near}: choose {', '.join(others)} or {last}."
    )


def names_in(frameworks: str) -> list[str]:
    """The frameworks in a list such as "torch,jax", each one once."""
    names = [n.strip() for n in frameworks.split(",") if n.strip()]
    if not names:
        raise InputError("--frameworks names no framework.")
    return list(dict.fromkeys(check_framework(name) for name in names))


def choose_frameworks(frameworks: str | None, pythons: dict[str, str]) -> list[str]:
    """The frameworks asked for, else all that can be used here or by `--python`."""
    if frameworks is None:
        chosen = [k for k in FRAMEWORKS if k in pythons or k in installed()]
        if not chosen:
            raise FrameworkError(
                "No framework is installed: pip install 'd2l-suite[torch]', or "
                "[tensorflow], [jax], [mxnet]."
            )
        return chosen
    chosen = names_in(frameworks)
    for name in chosen:
        if name not in pythons:
            require_framework(name)
    for name in pythons:
        if name not in chosen:
            raise InputError(f"--python names {name}, --frameworks does not.")
    return chosen


def exactly_one(frameworks: list[str]) -> list[str]:
    """The list, where only one framework makes sense."""
    if len(frameworks) > 1:
        raise InputError(f"Only one framework, not {' and '.join(frameworks)}.")
    return frameworks


def parse_pythons(given: list[str] | None) -> dict[str, str]:
    """The interpreters of `--python jax=PATH`, by framework."""
    found: dict[str, str] = {}
    for text in given or []:
        name, equals, path = text.partition("=")
        if not equals:
            raise InputError(f"--python takes FRAMEWORK=PATH, not {text!r}.")
        program = shutil.which(path)
        if program is None:
            raise InputError(f"--python {text}: there is no program {path}.")
        found[check_framework(name)] = program
    return found


def choose_reference(reference: str | None, frameworks: list[str]) -> str:
    """The framework that the others are held against: PyTorch, if it takes part."""
    if reference is None:
        return "torch" if "torch" in frameworks else frameworks[0]
    if check_framework(reference) not in frameworks:
        raise InputError(
            f"--reference {reference} does not take part: choose one of "
            f"{', '.join(frameworks)}."
        )
    return reference


def ready_data(trial: Trial, data: str | None) -> str | None:
    """The name of the data set, once all of its files are there and sound.

    None where the trial reads none.
    """
    if data is None and not trial.data:
        return None
    from d2l.common.data import catalogue

    choice = trial.choose(data)
    if choice.catalogue is not None:
        catalogue.locate(choice.catalogue)
    return data or trial.default_data


def make_plan(
    trial_name: str,
    data: str | None,
    epochs: int | None,
    seed: int,
    precision: str,
    frameworks: list[str],
    reference: str | None = None,
    *,
    command: str,
    with_data: bool = True,
) -> Plan:
    """What was asked for, if it makes sense and its data are there.

    command: what the trial is to go through.
    with_data: False where its data are not read.
    """
    from d2l import trials
    from d2l.parity.comparison import Plan

    reference = choose_reference(reference, frameworks)
    at_least("--epochs", epochs, 1)
    at_least("--seed", seed, 0)
    check_precision(precision)
    trial = trials.find(trial_name)
    trial.require(command)
    data = ready_data(trial, data) if with_data else data or trial.default_data
    trial = trial.on(data)
    epochs = epochs or trial.epochs
    return Plan(trial, data, epochs, seed, precision, tuple(frameworks), reference)


def check_folder(folder: Path | None) -> None:
    """Refuse a folder for results that cannot be written to, before any work."""
    from d2l.common.data.fetching import is_writable

    if folder is not None and not is_writable(folder):
        raise InputError(f"The folder {folder} cannot be written to: choose another.")


def check_file(path: Path | None) -> None:
    """Refuse a file that cannot be written, before any work."""
    if path is not None and path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it.")
    check_folder(path.parent if path is not None else None)
