"""A reader's own models on one batch of the reader's own."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from d2l.cli import options
from d2l.cli.parity_run import Result
from d2l.common.errors import DataError, InputError
from d2l.parity.measure import Measurement
from d2l.parity.model_tasks import LOSSES
from d2l.parity.models import compare_models


def compare_own_models(
    given: list[str],
    batch: Path | None,
    loss: str,
    precision: str,
    names: Path | None,
    pythons: dict[str, str],
    axes: list[str],
) -> list[Result]:
    """Compare them; a result for each framework and kind of measurement."""
    models = parse_models(given)
    options.choose_frameworks(",".join(models), pythons)
    if loss.partition(":")[0] not in LOSSES:
        raise InputError(f"There is no loss {loss!r}: choose {' or '.join(LOSSES)}.")
    if batch is None:
        raise InputError("--model needs data: add --batch FILE.npz.")
    inputs, labels = read_batch(batch)
    report = compare_models(
        models,
        inputs,
        labels,
        loss,
        axes=parse_axes(axes),
        precision=precision,
        names=_read_names(names),
        pythons=pythons,
    )
    return _grouped(report.measurements, models, precision)


def _grouped(
    measurements: list[Measurement], models: dict[str, str], precision: str
) -> list[Result]:
    """A result for each framework and kind."""
    grouped: dict[tuple[str, str], list[Measurement]] = {}
    for found in measurements:
        grouped.setdefault((found.framework, found.kind), []).append(found)
    return [
        Result(models[framework], framework, precision, kind, own)
        for (framework, kind), own in grouped.items()
    ]


def parse_models(given: list[str]) -> dict[str, str]:
    """The models of `--model torch=FILE.py:FUNCTION`, by framework."""
    models: dict[str, str] = {}
    for text in given:
        name, equals, spec = text.partition("=")
        if not equals or ":" not in spec:
            raise InputError(f"--model takes FRAMEWORK=FILE.py:FUNCTION, not {text!r}.")
        if options.check_framework(name) in models:
            raise InputError(f"--model names {name} twice.")
        models[name] = spec
    if len(models) < 2:
        raise InputError("--model is needed for two frameworks at least.")
    return models


def parse_axes(given: list[str]) -> dict[str, str]:
    """The axes of `--axes "inputs.0=n c h w"`, by path."""
    axes: dict[str, str] = {}
    for text in given:
        path, equals, names = text.partition("=")
        if not equals or not names.split():
            raise InputError(f"--axes takes PATH='n c h w', not {text!r}.")
        axes["inputs.0" if path == "inputs" else path] = names
    return axes


def read_batch(path: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """The inputs, in order, and the labels."""
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, OSError, BadZipFile, AttributeError) as error:
        raise DataError(f"{path} is not a file of arrays (.npz): {error}.") from error
    names = sorted(n for n in arrays if n == "inputs" or n.startswith("inputs."))
    if not names or "labels" not in arrays:
        raise DataError(
            f"{path} must hold arrays `inputs` (or `inputs.0`, ...) and `labels`, "
            f"it holds {', '.join(arrays) or 'nothing'}."
        )
    return [arrays[name] for name in names], arrays["labels"]


def _read_names(path: Path | None) -> dict[str, dict[str, str]]:
    if path is None:
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"There is no file {path}.") from None
    except ValueError as error:
        raise DataError(f"{path} is not JSON: {error}.") from error
