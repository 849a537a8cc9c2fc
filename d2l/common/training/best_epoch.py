"""The best epoch of a training, and when to stop because no better one comes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from d2l.common.errors import InputError

#: What is better, by the last part of a metric's name; others must be told.
LARGER_IS_BETTER = {"loss": False, "ppl": False, "acc": True}


class BestEpoch:
    """Watches one metric of the validation; keeps the weights of its best epoch.

    value, epoch: of the best epoch so far; None before there is one.
    waited: how many epochs have passed since.
    weights: the best epoch's, by canonical name.
    """

    #: Settings, which the caller may change when a training goes on.
    not_saved = ("metric", "key", "larger_is_better", "patience", "pending")

    def __init__(
        self,
        metric: str,
        larger_is_better: bool | None = None,
        patience: int | None = None,
    ):
        """Watch from the first epoch on.

        metric: `val_loss`, or `val_` and another name that the model plots in
            `validation_step`; an epoch's value is the mean over its batches.
        larger_is_better: False for names that end in `loss` or `ppl`, and True for
            `acc`, if not given; must be given for any other.
        patience: stop after so many epochs in a row that were not better.

        Raises InputError for a metric or a number that makes no sense.
        """
        if larger_is_better is None:
            larger_is_better = LARGER_IS_BETTER.get(metric.rpartition("_")[2])
        if not metric.startswith("val_"):
            raise InputError(f"keep_best must be val_loss or the like, not {metric!r}.")
        if larger_is_better is None:
            raise InputError(
                f"Whether a larger {metric} is better is to be said by "
                "larger_is_better=True or False."
            )
        if patience is not None and (type(patience) is not int or patience < 1):
            raise InputError(f"patience must be a whole number, not {patience!r}.")
        self.metric, self.key = metric, metric.removeprefix("val_")
        self.larger_is_better, self.patience = larger_is_better, patience
        self.pending: dict[str, list[Callable[[], float]]] = {}
        self.value: float | None = None
        self.epoch: int | None = None
        self.waited = 0
        self.weights: dict[str, np.ndarray] = {}

    @property
    def is_over(self) -> bool:
        """Whether patience has run out."""
        return self.patience is not None and self.waited >= self.patience

    def note(self, key: str, value: Callable[[], float]) -> None:
        """Take a value that the model plotted; nothing waits for it yet."""
        self.pending.setdefault(key, []).append(value)

    def judge(self, epoch: int, weights: Callable[[], dict[str, Any]]) -> None:
        """Compare the epoch that has ended with the best one.

        weights: returns the model's, to be kept if it is better.

        Raises InputError if the metric was not plotted.
        """
        pending, self.pending = self.pending, {}
        if self.key not in pending:
            there = ", ".join(f"val_{key}" for key in sorted(pending)) or "nothing"
            raise InputError(
                f"{self.metric} cannot choose the best epoch: "
                f"the validation plots {there}."
            )
        value = math.fsum(v() for v in pending[self.key]) / len(pending[self.key])
        if self._is_better(value):
            self.value, self.epoch, self.waited = value, epoch, 0
            self.weights = {k: np.array(v) for k, v in weights().items()}
        else:
            self.waited += 1

    def _is_better(self, value: float) -> bool:
        # NaN is not larger nor smaller than anything, and not the first best either.
        if self.value is None:
            return not math.isnan(value)
        return value > self.value if self.larger_is_better else value < self.value
