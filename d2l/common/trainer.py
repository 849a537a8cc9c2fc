"""What training shares in every framework: epochs, counters, checkpoints."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from d2l.common import mask_stream
from d2l.common.checkpoints import load_arrays, save_arrays
from d2l.common.hyperparameters import HyperParameters
from d2l.common.progress_bar import progress


class TrainerBase(HyperParameters):
    """The framework-free half of `Trainer`.

    A framework's trainer adds `find_gpus`, `prepare_batch`, `fit_epoch`,
    `clip_gradients`, and `training_state` with its twin `restore_state`.
    """

    framework = ""
    #: Values plotted while a compiled step is traced; None outside of tracing.
    collected: dict[str, Any] | None = None
    #: A trainer whose `fit_epoch` is called by hand shows no progress.
    bar: Any = None

    def __init__(
        self, max_epochs: int, num_gpus: int = 0, gradient_clip_val: float = 0
    ):
        self.save_hyperparameters()
        self.gpus = self.find_gpus(num_gpus)

    def find_gpus(self, num_gpus: int) -> list[Any]:
        """The devices of the first `num_gpus` GPUs that this machine has."""
        raise NotImplementedError

    def prepare_data(self, data: Any) -> None:
        """Make the loaders and count their batches."""
        self.train_dataloader = data.train_dataloader()
        self.val_dataloader = data.val_dataloader()
        self.num_train_batches = len(self.train_dataloader)
        self.num_val_batches = (
            len(self.val_dataloader) if self.val_dataloader is not None else 0
        )

    def prepare_model(self, model: Any) -> None:
        """Connect the model with this trainer."""
        model.trainer = self
        model.board.xlim = [0, self.max_epochs]
        self.model = model

    def prepare_optimizer(self, model: Any) -> None:
        """Ask the model for its optimizer."""
        self.optim = model.configure_optimizers()

    def fit(self, model: Any, data: Any, *, checkpoint: str | None = None) -> None:
        """Train `model` on `data` for `max_epochs` epochs.

        checkpoint: a file that is written after every epoch; when it is already
            there, training goes on from where it stopped.
        """
        self.prepare_data(data)
        self.prepare_model(model)
        self.prepare_optimizer(model)
        self.epoch = self.train_batch_idx = self.val_batch_idx = 0
        first_epoch = self.resume(checkpoint)
        total = (self.max_epochs - first_epoch) * self.num_train_batches
        with progress("training", total) as self.bar:
            for self.epoch in range(first_epoch, self.max_epochs):
                self.fit_epoch()
                self.save_checkpoint(checkpoint)
        self.model.board.flush()

    def begin_step(self) -> None:
        """Tell the shared stream of masks, if it is on, which step comes now."""
        if mask_stream.active is not None:
            mask_stream.active.begin(self.train_batch_idx)

    def step_done(self) -> None:
        """Count a training step."""
        self.train_batch_idx += 1
        if self.bar is not None:
            self.bar.advance()

    def fit_epoch(self) -> None:
        """Train on every batch once, then validate."""
        raise NotImplementedError

    @contextlib.contextmanager
    def collecting(self) -> Iterator[dict[str, Any]]:
        """Collect what the model plots while a compiled step is traced."""
        self.collected = {}
        try:
            yield self.collected
        finally:
            self.collected = None

    def training_state(self) -> dict[str, np.ndarray]:
        """Weights as `model.*` and the optimizer's state as `optimizer.*`."""
        raise NotImplementedError

    def restore_state(self, state: dict[str, np.ndarray]) -> None:
        """Put back what `training_state` gave."""
        raise NotImplementedError

    def save_checkpoint(self, path: str | os.PathLike[str] | None) -> None:
        """Write the state of the training after an epoch."""
        if path is not None:
            counters = {
                "framework": self.framework,
                "epochs_done": str(self.epoch + 1),
                "train_batch_idx": str(self.train_batch_idx),
                "val_batch_idx": str(self.val_batch_idx),
            }
            save_arrays(path, self.training_state(), counters)

    def resume(self, path: str | os.PathLike[str] | None) -> int:
        """Take up the state in `path` if it is there; returns the epoch to go on at.

        The state is canonical: a training begun in one framework goes on in another.
        """
        if path is None or not Path(path).exists():
            return 0
        state, counters = load_arrays(path)
        self.restore_state(state)
        self.train_batch_idx = int(counters["train_batch_idx"])
        self.val_batch_idx = int(counters["val_batch_idx"])
        epochs_done = int(counters["epochs_done"])
        # A later epoch has another order of examples than the first.
        if hasattr(self.train_dataloader, "order"):
            self.train_dataloader.order.epoch = epochs_done
        return epochs_done
