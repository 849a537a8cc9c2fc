"""A model's own steps, taken without a trainer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


class Plots:
    """Stands in for a trainer: keeps what a model plots."""

    def __init__(self) -> None:
        self.collected: dict[str, Any] = {}


@contextlib.contextmanager
def collected_plots(model: Any) -> Iterator[dict[str, Any]]:
    """What the model plots within the block, by name, while it has no trainer."""
    before, model.trainer = model.trainer, Plots()
    try:
        yield model.trainer.collected
    finally:
        model.trainer = before


def training_step(model: Any, batch: Any) -> Any:
    """The loss that the model's own training step returns; nothing is plotted."""
    with collected_plots(model):
        return model.training_step(batch)


def validation_step(model: Any, batch: Any) -> Any:
    """What the model's own validation step returns; nothing is plotted."""
    with collected_plots(model):
        return model.validation_step(batch)
