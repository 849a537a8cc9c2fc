"""Images: whole epochs of them, and what they are called."""

import numpy as np
import pytest

from d2l.common.data.batches import BatchOrder
from d2l.common.data.images import load_images
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.workers import run_task

BATCH_SIZE = 100


def expected_batches(train, epoch):
    """What NumPy makes of the digits."""
    images = load_images("digits", train, (8, 8), dtype="float64")
    order = BatchOrder(len(images), BATCH_SIZE, shuffle=train)
    batches = [images.fetch(indices) for indices in order.batches(epoch)]
    return {
        f"{i}.{name}": part if name == "y" else part[:, None]
        for i, batch in enumerate(batches)
        for name, part in zip("Xy", batch, strict=True)
    }


@pytest.mark.parametrize(
    ("train", "epoch"), [(True, 0), (True, 1), (False, 0)], ids=["0", "1", "val"]
)
def test_whole_epochs(any_run, pool, train, epoch):
    """Every image once, also those of the last batch, which is not full."""
    task = {"train": train, "epoch": epoch, "batch_size": BATCH_SIZE}
    result, actual = run_task(pool, any_run, "images", "batches", **task)
    expected = expected_batches(train, epoch)
    assert result["length"] == len(expected) // 2
    require_as_in_numpy(any_run, "images", actual, expected, "exact")


def test_labels(framework, pool):
    """Names of classes, and titles of the images that are shown."""
    result, _ = run_task(pool, (framework, "float32"), "images", "labels")
    assert result["digits"] == ["3", "0", "9"]
    assert result["clothes"] == ["trouser", "ankle boot"]
    _, y = load_images("digits", False, (8, 8)).fetch(np.arange(8))
    assert result["titles"] == [str(label) for label in y]
    assert result["shapes"] == [[8, 8]] * 8
