"""What training shares in every framework: epochs, counters, checkpoints."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from d2l.common.errors import InputError
from d2l.common.plots.progress_bar import progress
from d2l.common.training import mask_stream
from d2l.common.training.best_epoch import BestEpoch
from d2l.common.training.resuming import Checkpoint
from d2l.common.training.training_state import TrainingState


class TrainerBase(TrainingState):
    """The framework-free half of `Trainer`.

    A framework's trainer adds `find_gpus`, `prepare_batch`, `fit_epoch`,
    `clip_gradients` and `precision`.
    """

    #: Values plotted while a compiled step is traced; None outside of tracing.
    collected: dict[str, Any] | None = None
    #: A trainer whose `fit_epoch` is called by hand shows no progress.
    bar: Any = None
    #: What chooses the best epoch, if anything does.
    best: BestEpoch | None = None
    #: What makes the optimizer instead of the model, if anything does.
    optimizer: Callable[[Any], Any] | None = None

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
        """Make the optimizer."""
        self.optim = self.make_optimizer(model)

    def make_optimizer(self, model: Any) -> Any:
        """What `fit` was given a function for, else the model's own optimizer."""
        make = self.optimizer
        return model.configure_optimizers() if make is None else make(model)

    def fit(
        self,
        model: Any,
        data: Any,
        *,
        checkpoint: str | os.PathLike[str] | None = None,
        about: Mapping[str, Any] | None = None,
        optimizer: Callable[[Any], Any] | None = None,
        keep_best: str | None = None,
        larger_is_better: bool | None = None,
        patience: int | None = None,
    ) -> None:
        """Train `model` on `data` for `max_epochs` epochs.

        checkpoint: a file that is written after every epoch; when it is already there,
            training goes on from where it stopped, exactly.
        about: what this is a training of, such as its seed, in plain values by name; a
            checkpoint where they are others is refused.
        optimizer: a function of the model that returns what
            `model.configure_optimizers` would; else that is asked.
        keep_best: a metric of the validation, such as `val_loss`; at the end the model
            has the weights of the epoch where its mean over the batches was best.
        larger_is_better: of that metric; not needed for names that end in `loss`, `ppl`
            (False) or `acc` (True).
        patience: stop after so many epochs in a row that were not the best.

        Raises InputError for arguments that make no sense, StateError for a state
        that cannot be saved, CheckpointError for a checkpoint of something else.
        """
        self.optimizer = optimizer
        with self.running(model):
            self.prepare_data(data)
            self.best = self._watch(keep_best, larger_is_better, patience)
            self.prepare_model(model)
            self.prepare_optimizer(model)
            self.epoch = self.train_batch_idx = self.val_batch_idx = 0
            file = checkpoint and Checkpoint(checkpoint, self, data, about)
            self.run_epochs(file or None)
        self.model.board.flush()

    def _watch(
        self, metric: str | None, larger: bool | None, patience: int | None
    ) -> BestEpoch | None:
        if metric is None:
            if patience is not None or larger is not None:
                raise InputError("patience and larger_is_better need keep_best.")
            return None
        if self.val_dataloader is None:
            raise InputError(f"There is no {metric} without validation data.")
        return BestEpoch(metric, larger, patience)

    def running(self, model: Any) -> contextlib.AbstractContextManager[Any]:
        """What is to be done around the whole of a training."""
        return contextlib.nullcontext()

    def run_epochs(self, checkpoint: Checkpoint | None) -> None:
        """Go on after the checkpoint's epochs, if it is there, to the last."""
        done = checkpoint.load() if checkpoint else 0
        if checkpoint and done == self.max_epochs:
            print(f"{checkpoint.path} holds all {done} epochs: no step is left.")
        total = (self.max_epochs - done) * self.num_train_batches
        with progress("training", total) as self.bar:
            for epoch in range(done, self.max_epochs):
                if self.best is not None and self.best.is_over:
                    break
                self.epoch = epoch
                self.begin_epoch()
                self.fit_epoch()
                if self.best is not None:
                    self.best.judge(epoch, self.read_weights)
                if checkpoint:
                    checkpoint.save()
        if self.best is not None and self.best.weights:
            self.support("weights").load_weights(self.model, self.best.weights)

    def begin_epoch(self) -> None:
        """Do what an epoch of the number `self.epoch` needs before its first step."""

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
