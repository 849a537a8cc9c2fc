"""All trials by name: what compare, parity, benchmarks and pages read."""

from __future__ import annotations

import difflib
from importlib import import_module

from d2l.common.errors import D2LError
from d2l.trials.trial import (
    OPTIMIZERS,
    DataChoice,
    FromData,
    OptimizerChoice,
    Part,
    ScratchTwin,
    Trial,
)

__all__ = [
    "OPTIMIZERS",
    "TRIALS",
    "DataChoice",
    "FromData",
    "OptimizerChoice",
    "Part",
    "ScratchTwin",
    "Trial",
    "find",
    "find_data",
]

CHAPTERS = (
    "linear_regression",
    "linear_classification",
    "multilayer_perceptrons",
    "convolutional_neural_networks",
    "convolutional_modern",
    "recurrent_neural_networks",
    "recurrent_modern",
    "attention_and_transformers",
)

TRIALS: dict[str, Trial] = {
    trial.name: trial
    for chapter in CHAPTERS
    for trial in import_module(f"d2l.trials.{chapter}").TRIALS
}


def find(name: str) -> Trial:
    """The trial of that name; an unknown name is answered with the nearest one."""
    if name in TRIALS:
        return TRIALS[name]
    raise D2LError(f"There is no trial {name!r}{nearest(name, list(TRIALS))}.")


def find_data(trial: Trial, name: str | None) -> DataChoice:
    """One of the trial's data sets; None is its default."""
    name = name or trial.default_data
    if name in trial.data:
        return trial.data[name]
    raise D2LError(
        f"The trial {trial.name} has no data {name!r}: "
        f"choose {' or '.join(trial.data)}."
    )


def nearest(name: str, names: list[str]) -> str:
    """What a message adds when `name` may be a slip of the pen."""
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return f" (did you mean {close[0]}?)" if close else ": see `d2l list`"
