"""The checks of data that are taken in epochs: arrays of integers, cut into batches."""

from __future__ import annotations

import pytest

from d2l.common.data.batches import ArrayBatches, BatchOrder
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.workers import run_task

#: The last batch of each part is not full.
SIZES = {"batch_size": 30, "num_train": 100, "num_val": 50}
#: The first two epochs of the training part, and the other part.
epochs = pytest.mark.parametrize(
    ("train", "epoch"), [(True, 0), (True, 1), (False, 0)], ids=["0", "1", "val"]
)


def require_whole_epoch(pool, framework, arrays, train, epoch, name, **arguments):
    """That every example comes once, in the order of all frameworks.

    arrays: of all examples, in NumPy; train, epoch: which of the epochs; name,
    arguments: of the data module, beside SIZES.
    """
    part = slice(0, 100) if train else slice(100, 150)
    order = BatchOrder(part.stop - part.start, 30, shuffle=train)
    order.epoch = epoch
    batches = ArrayBatches([array[part] for array in arrays], order)
    expected = {
        f"{i}.{j}": array
        for i, batch in enumerate(batches)
        for j, array in enumerate(batch)
    }
    run = framework, "float64"
    task = {"name": name, "arguments": SIZES | arguments}
    task |= {"train": train, "epoch": epoch}
    result, actual = run_task(pool, run, "texts", "batches", **task)
    assert result["length"] == len(order)
    require_as_in_numpy(run, "batches", actual, expected, "exact")
