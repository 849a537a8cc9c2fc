"""All trials by name: what compare, parity, benchmarks and pages read."""

from __future__ import annotations

import difflib
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from d2l.common.contents import read_contents
from d2l.common.errors import D2LError
from d2l.common.python_files import load_file
from d2l.trials.choices import (
    OPTIMIZERS,
    ArrayChoice,
    DataChoice,
    FoldedChoice,
    FromData,
    FromTraining,
    Named,
    NoData,
    OptimizerChoice,
    Part,
)
from d2l.trials.loop_trial import LoopTrial
from d2l.trials.model_trial import ModelTrial, ScratchTwin
from d2l.trials.shared_trial import SharedTrial
from d2l.trials.trial import Prepared, Start, Training, Trial

__all__ = [
    "OPTIMIZERS",
    "TRIALS",
    "ArrayChoice",
    "DataChoice",
    "FoldedChoice",
    "FromData",
    "FromTraining",
    "LoopTrial",
    "ModelTrial",
    "Named",
    "NoData",
    "OptimizerChoice",
    "Part",
    "Prepared",
    "ScratchTwin",
    "SharedTrial",
    "Start",
    "Training",
    "Trial",
    "find",
]

#: Those that have trials, in a module each.
CHAPTERS = tuple(
    chapter.key
    for chapter in read_contents()
    if (Path(__file__).parent / f"{chapter.key}.py").is_file()
)

TRIALS: dict[str, Trial] = {
    trial.name: trial
    for chapter in CHAPTERS
    for trial in import_module(f"d2l.trials.{chapter}").TRIALS
}


def find(name: str) -> Trial:
    """The trial of that name, or the one that `FILE.py:NAME` names.

    An unknown name is answered with the nearest one.
    """
    if name in TRIALS:
        return TRIALS[name]
    path, _, attribute = name.rpartition(":")
    if path.endswith(".py"):
        return _find_in_file(path, attribute)
    raise D2LError(f"There is no trial {name!r}{nearest(name, list(TRIALS))}.")


def _find_in_file(path: str, attribute: str) -> Trial:
    try:
        module = load_file(path)
    except D2LError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise D2LError(f"{path} fails when it is executed ({reason}).") from error
    found = getattr(module, attribute, None)
    if not isinstance(found, Trial):
        raise D2LError(f"{path} defines no trial {attribute}.")
    return replace(found, spec=f"{Path(path).absolute()}:{attribute}")


def nearest(name: str, names: list[str]) -> str:
    """What a message adds when `name` may be a slip of the pen."""
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return f" (did you mean {close[0]}?)" if close else ": see `d2l list`"
