"""The task that trains a trial in full, timed."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from d2l.common.progress_board import CurveRecorder
from d2l.parity.comparison import TRAINING, training_losses
from d2l.parity.session import Session
from d2l.parity.tasks import Arrays, Result, prefixed, select, task


@task
def train(
    session: Session,
    arrays: Arrays,
    report: Callable[[dict[str, Any]], None],
    trial: str,
    data: str | None = None,
    seed: int = 0,
    epochs: int | None = None,
    checkpoint: str | None = None,
    shared_masks: bool = True,
) -> Result:
    """Train a trial in full, timed; `report` is told about every step.

    checkpoint: a file to resume from, and to write to after every epoch;
    shared_masks: dropout draws what it draws in all frameworks, and more slowly.
    """
    prepared = session.prepare(trial, data, seed, select(arrays, "weights") or None)
    found = prepared.trial
    if found.optimizer is not None:
        session.use_optimizer(prepared.model, found.optimizer)
    trainer = session.namespace.Trainer(
        max_epochs=epochs or found.epochs, gradient_clip_val=found.clip
    )
    board = ReportingRecorder(trainer, report)
    prepared.model.board = board
    start = time.perf_counter()
    with session.parity_mode() if shared_masks else contextlib.nullcontext():
        about = {"trial": trial, "data_name": data or found.default_data, "seed": seed}
        trainer.fit(prepared.model, prepared.data, checkpoint=checkpoint, about=about)
    result = _facts(session, trainer, board, start)
    curves = {k: np.array(v) for k, v in board.curves.items()}
    weights = session.backend.weights(prepared.model)
    return result, prefixed("curve", curves) | prefixed("parameter", weights)


def _facts(
    session: Session, trainer: Any, board: CurveRecorder, start: float
) -> dict[str, Any]:
    """What there is to say of a training that began at the time `start`."""
    # None at all, where the checkpoint had reached the last epoch already.
    stamps = next((board.seconds[k] for k in TRAINING if k in board.seconds), [])
    slots = list(session.backend.slots(trainer.model))
    return {
        "version": session.backend.version(),
        "parameters": sum(s.canonical().size for s in slots if s.trainable),
        "steps": len(stamps),
        "num_val_batches": trainer.num_val_batches,
        **_timing(stamps, start),
        "seconds": time.perf_counter() - start,
        "peak_memory_mib": peak_memory_mib(),
    }


class ReportingRecorder(CurveRecorder):
    """A recorder that waits for every value and tells how far training is."""

    def __init__(self, trainer: Any, report: Callable[[dict[str, Any]], None]):
        super().__init__(synchronise=True)
        self.owner, self.report = trainer, report
        # A resumed training begins at a later one; known with the first value.
        self.first_epoch: int | None = None

    def draw(self, x: Any, y: Any, label: str, every_n: int = 1) -> None:
        """Record a value and report it."""
        super().draw(x, y, label, every_n)
        if self.first_epoch is None:
            self.first_epoch = self.owner.epoch
        if label in TRAINING:
            epochs = self.owner.max_epochs - self.first_epoch
            steps = epochs * self.owner.num_train_batches
            done = len(self.curves[label])
            loss = float(training_losses(self.curves)[-1])
            self.report({"step": done, "steps": steps, "loss": loss})


def _timing(stamps: list[float], start: float) -> dict[str, float | None]:
    """Milliseconds of the first step, with its compilation, and of a later one."""
    if not stamps:
        return {"first_step_ms": None, "step_ms": None}
    later = np.diff(stamps)
    # The median: a pause for validation lies between two epochs' steps.
    step = float(np.median(later)) if len(later) else stamps[0] - start
    return {"first_step_ms": 1e3 * (stamps[0] - start), "step_ms": 1e3 * step}


def peak_memory_mib() -> float:
    """The largest memory this process has had, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # In bytes on macOS, in KiB elsewhere.
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
