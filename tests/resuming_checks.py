"""What the frameworks' tests of resumed trainings have in common.

`train(epochs, path, **settings)`, of each framework's tests, trains a small model from
the same start, but for what a checkpoint at `path` brings; it returns the trainer.
`are_equal` tells whether two trainers hold the same, bit for bit.
"""

import inspect
import json
import math
import random

import numpy as np
import pytest

from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.common.training.resuming import CheckpointError

#: What a model says of its six epochs: the second is the best, the third no number.
SCRIPT = [3.0, 1.0, math.nan, 2.0, 2.0, 0.5]


def classes_of(module, base=object):
    """The public classes in a module, by name."""
    found = {n: c for n, c in vars(module).items() if inspect.isclass(c)}
    return {n: c for n, c in found.items() if issubclass(c, base) and n[0] != "_"}


def generators_as_now():
    """A function that sets Python's and NumPy's global generators back to now."""
    before = random.getstate(), np.random.get_state()

    def set_back():
        random.setstate(before[0])
        np.random.set_state(before[1])

    return set_back


def two_and_two(train, are_equal, path, **settings):
    """Hold two epochs and two more against four; both trainers."""
    whole = train(4, **settings)
    train(2, path, **settings)
    rest = train(4, path, **settings)
    assert rest.train_batch_idx == whole.train_batch_idx == 12
    assert rest.val_batch_idx == whole.val_batch_idx == 8
    assert are_equal(whole, rest)
    return whole, rest


def require_same_curve(whole, rest, label="val_loss"):
    """That the last two epochs' points are the same."""
    curves = [[p.y for p in t.model.board.data[label]] for t in (whole, rest)]
    assert len(curves[0]) == 4
    assert curves[0][2:] == curves[1]


def forget(path, part, forgotten):
    """Write another checkpoint, whose state lacks a part."""
    arrays, metadata = load_arrays(path)
    state = json.loads(metadata["state"]) | {part: ["kept"]}
    save_arrays(forgotten, arrays, metadata | {"state": json.dumps(state)})


def require_others_refused(train, path, other_data):
    """That a checkpoint of something else says what is different.

    other_data: in batches of six, where all others are in batches of four.
    """
    train(2, path, about={"trial": "small", "seed": 0})
    for problem, settings in {
        "its seed is 0, not 5": {"about": {"seed": 5}},
        "its data.batch_size is 4, not 6": {"data": other_data},
        "its keep_best is None, not val_loss": {"keep_best": "val_loss"},
        "2 epochs behind it, more than the 1": {"epochs": 1},
    }.items():
        with pytest.raises(CheckpointError, match=problem):
            train(settings.pop("epochs", 3), path, **settings)


def require_no_more_epochs(train, are_equal, path, capsys):
    """That a training which is over is not gone on with, and its file is left alone."""
    first = train(2, path)
    content = path.read_bytes()
    again = train(2, path)
    assert "holds all 2 epochs" in capsys.readouterr().out
    assert path.read_bytes() == content
    assert are_equal(first, again)


def require_the_best_epoch(best, two, have_equal_weights, path):
    """That the second epoch of SCRIPT is kept, and training stops three later.

    best: as `train`, with `keep_best`; two: a training of two epochs.
    """
    whole = best(6, patience=3)
    assert (whole.epoch, whole.best.epoch, whole.best.value) == (4, 1, 1.0)
    assert have_equal_weights(whole, two)
    best(3, path, patience=3)
    rest = best(6, path, patience=3)
    assert (rest.epoch, rest.best.epoch, rest.best.waited) == (4, 1, 3)
    assert have_equal_weights(whole, rest)
    # Taken up once more, it still is over, and the model has the best weights.
    assert have_equal_weights(whole, best(6, path, patience=3))
