"""What a model shares in every framework: how its values reach the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from d2l.common.training.hyperparameters import HyperParameters


class ModuleBase(HyperParameters):
    """The framework-free half of `Module`."""

    #: Attributes that a checkpoint leaves out: they are no state of the training.
    not_saved = ("trainer", "board", "hparams")

    def plot(self, key: str, value: Any, train: bool) -> None:
        """Draw the scalar `value` as a point of the curve `train_key` or `val_key`.

        While a compiled step is traced there is no value yet: it is collected,
        returned by the step, and drawn by the trainer afterwards.
        """
        trainer = self.trainer
        if trainer is None:
            raise RuntimeError("plot() needs a trainer: call it within Trainer.fit")
        if trainer.collected is not None:
            trainer.collected[key] = value
        else:
            self.draw_point(key, value, train)

    def draw_point(self, key: str, value: Any, train: bool) -> None:
        """Hand a computed value to the board, without waiting for the device."""
        trainer = self.trainer
        self.board.xlabel = "epoch"
        if train:
            x = trainer.train_batch_idx / trainer.num_train_batches
            every_n = trainer.num_train_batches / self.plot_train_per_epoch
        else:
            x = trainer.epoch + 1
            every_n = trainer.num_val_batches / self.plot_valid_per_epoch
        label = ("train_" if train else "val_") + key
        number = self.deferred(value)
        if not train and getattr(trainer, "best", None) is not None:
            trainer.best.note(key, number)
        self.board.draw(x, number, label, every_n=max(int(every_n), 1))

    @staticmethod
    def deferred(value: Any) -> Callable[[], float]:
        """A function that waits for `value` and returns it as a number."""
        return lambda: float(value)
