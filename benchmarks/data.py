"""Random batches in memory: what is timed is the loop, not the loader."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.cases import VOCAB_SIZE, Training
from d2l.common.axes import IMAGES
from d2l.parity.backend import Backend

NUM_CLASSES = 10


def make_batches(case: Training, backend: Backend) -> list[tuple[Any, Any]]:
    """Images and their classes, or tokens and one class for each of them."""
    random = np.random.default_rng(0)
    size = (case.batch_size, *case.shape)
    is_image = len(case.shape) > 1

    def tokens() -> Any:
        return to_tokens(random.integers(0, VOCAB_SIZE, size), backend)

    def images() -> tuple[Any, Any]:
        labels = random.integers(0, NUM_CLASSES, case.batch_size)
        images = random.random(size, dtype=np.float32)
        return backend.input_tensor(images, IMAGES), to_tokens(labels, backend)

    return [images() if is_image else (tokens(), tokens()) for _ in range(case.batches)]


def to_tokens(numbers: np.ndarray, backend: Backend) -> Any:
    """Integers of the type that this framework takes for indices."""
    return backend.to_tensor(
        numbers.astype(np.int64 if backend.name == "torch" else np.int32)
    )


class Batches:
    """A data module of ready-made batches, without validation."""

    def __init__(self, batches: list[Any]):
        self.batches = batches

    def train_dataloader(self) -> list[Any]:
        """The batches."""
        return self.batches

    def val_dataloader(self) -> None:
        """No validation."""
        return None
