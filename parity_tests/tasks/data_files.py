"""Data modules of published files, on small files in the same formats."""

from __future__ import annotations

from pathlib import Path

from d2l import trials
from d2l.common.axes import IMAGES, axes_of
from parity_tests.small_files import small_files


def batches(session, arrays, trial, data, folder):
    """The first training and validation batches of a trial's data, by position."""
    choice = trials.find(trial).choose(data)
    with small_files(choice.catalogue, Path(folder)):
        module = choice.load(session)
    loaders = {"train": module.train_dataloader(), "val": module.val_dataloader()}
    return {}, {
        f"{part}.{i}": session.backend.canonical(array, axes_of(choice.axes, str(i)))
        for part, loader in loaders.items()
        for i, array in enumerate(next(iter(loader)))
    }


def clothes(session, arrays, batch_size, resize, folder):
    """The first batches of the two loaders that `load_data_fashion_mnist` returns."""
    with small_files("fashion_mnist", Path(folder)):
        loaders = session.namespace.load_data_fashion_mnist(batch_size, resize)
    return {}, {
        f"{part}.{i}": session.backend.canonical(array, axes)
        for part, loader in zip(("train", "val"), loaders, strict=True)
        for i, (array, axes) in enumerate(
            zip(next(iter(loader)), (IMAGES, None), strict=True)
        )
    }
