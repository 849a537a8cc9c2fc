"""What the data decide of a model, without the data.

Beside a file of weights it is enough to build the model again: to know its tensors, or
to carry them into another layout, no data are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from d2l.common import trees
from d2l.common.axes import Axes
from d2l.trials.choices import FromData, Part
from d2l.trials.observed import tensors
from d2l.trials.session import Session
from d2l.trials.trial import Start, Trial

#: Types by NumPy's letter for their kind, as wide as any framework has them.
TYPES = {"f": "float64", "i": "int64", "u": "int64", "b": "bool"}


def outline_of(
    arguments: Mapping[str, Any], data: Any, batch: Any = ()
) -> dict[str, Any]:
    """What the data know that models are built with, and one example of a batch.

    arguments: of the trial.
    batch: a tree of canonical arrays. Returned for JSON; empty where the batch is of
        classes that JSON does not know.
    """
    if not _is_json(batch):
        return {}
    spec, arrays = trees.pack(batch, lambda leaf: leaf)
    shapes = {k: [[1, *a.shape[1:]], a.dtype.kind] for k, a in arrays.items()}
    asked = {found.attribute: found.of(data) for found in _asked(arguments)}
    # A loop may ask for the examples themselves, which no model is built with.
    known = {k: v for k, v in asked.items() if isinstance(v, trees.PLAIN)}
    return {"known": known, "batch": spec, "arrays": shapes}


def _is_json(tree: Any) -> bool:
    if type(tree) not in (dict, list, tuple):
        return tree is None or trees.children(tree) is None
    return all(_is_json(branch) for _, branch in trees.children(tree) or ())


def _asked(value: Any) -> Iterator[FromData]:
    """What an argument asks of the data, parts within parts too."""
    if isinstance(value, FromData):
        yield value
    elif isinstance(value, Part):
        yield from _asked(value.arguments)
    elif isinstance(value, Mapping):
        for branch in value.values():
            yield from _asked(branch)


class Outlined:
    """Stands in for data where only what learns is to be built.

    outline: as `outline_of` tells it.
    """

    def __init__(self, session: Session, axes: Axes, outline: Mapping[str, Any]):
        vars(self).update(outline["known"])
        arrays = {
            path: np.zeros(shape, TYPES[kind])
            for path, (shape, kind) in outline["arrays"].items()
        }
        self._batch = tensors(session, trees.unpack(outline["batch"], arrays), axes)

    def train_dataloader(self) -> list[Any]:
        """One batch of one example."""
        return [self._batch]

    def val_dataloader(self) -> None:
        """None: nothing is validated."""
        return None


def start_data(trial: Trial, session: Session, start: Start) -> tuple[Any, Axes]:
    """The data that a trial starts with, or what stands in for them, and their axes."""
    choice = trial.choose(start.data)
    if start.outline:
        return Outlined(session, choice.axes, start.outline), choice.axes
    return session.load(choice, start.seed), choice.axes
