"""Stretches of text: whole epochs of them."""

import pytest

from d2l.common.batches import ArrayBatches, BatchOrder
from d2l.common.text import only_letters, read_text, windows
from d2l.common.vocab import Vocab
from d2l.parity.checks import require
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from parity_tests.workers import run_task

SIZES = {"batch_size": 30, "num_steps": 7, "num_train": 100, "num_val": 50}


@pytest.mark.parametrize(
    ("train", "epoch"), [(True, 0), (True, 1), (False, 0)], ids=["0", "1", "val"]
)
def test_whole_epochs(framework, pool, train, epoch):
    """Every stretch once, also those of the last batch, which is not full."""
    tokens = list(only_letters(read_text("small")))
    arrays = windows(Vocab(tokens)[tokens], 7, 150)
    part = slice(0, 100) if train else slice(100, 150)
    order = BatchOrder(part.stop - part.start, 30, shuffle=train)
    order.epoch = epoch
    found = ArrayBatches([array[part] for array in arrays], order)
    expected = {
        f"{i}.{j}": array
        for i, batch in enumerate(found)
        for j, array in enumerate(batch)
    }
    task = {"name": "TimeMachine", "arguments": {**SIZES, "source": "small"}}
    task |= {"train": train, "epoch": epoch}
    result, actual = run_task(pool, (framework, "float64"), "texts", "batches", **task)
    assert result["length"] == len(order)
    names = (framework, "NumPy", "stretches")
    require(measure_all(names, actual, expected, tolerance("exact", "any")))


def test_vocab(framework, pool):
    """It touches no tensor, and is one class for all frameworks."""
    task = {"name": "Vocab", "module": "vocab"}
    result, _ = run_task(pool, (framework, "float64"), "texts", "is_common", **task)
    assert result["same"]
