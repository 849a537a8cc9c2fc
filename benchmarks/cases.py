"""What is timed: models, their batches, and how many of them make an epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from d2l.common.batches import BatchOrder


@dataclass(frozen=True)
class Case:
    """A model and its input.

    limit: the largest ratio of times that we accept.
    """

    name: str
    title: str
    model: str
    arguments: dict[str, Any]
    shape: tuple[int, ...]
    batch_size: int
    batches: int
    limit: float


LR = 0.1

CASES = {
    case.name: case
    for case in (
        Case("lenet", "LeNet", "LeNet", {"lr": LR}, (1, 28, 28), 256, 20, 1.10),
        Case(
            "mlp",
            "small MLP",
            "MLP",
            {"num_outputs": 10, "num_hiddens": 256, "lr": LR},
            (1, 8, 8),
            64,
            200,
            1.30,
        ),
    )
}


class Batches:
    """A data module of random images, in memory, as this framework's tensors."""

    def __init__(self, case: Case, backend: Any):
        random = np.random.default_rng(0)
        images = random.random((case.batches * case.batch_size, *case.shape))
        labels = random.integers(0, 10, len(images)).astype(np.int32)
        order = BatchOrder(len(images), case.batch_size, shuffle=True)
        label_type = np.int64 if backend.name == "torch" else np.int32
        # Ready-made: what is timed is the loop, not the loader.
        self.batches = [
            (
                backend.input_tensor(images[i].astype(np.float32)),
                backend.to_tensor(labels[i].astype(label_type)),
            )
            for i in order
        ]

    def train_dataloader(self) -> list[Any]:
        """The batches."""
        return self.batches

    def val_dataloader(self) -> None:
        """No validation."""
        return None
