"""The task that trains a trial in full, timed."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from d2l import trials
from d2l.common.plots.progress_board import CurveRecorder
from d2l.parity.run import step_losses
from d2l.parity.session import Session
from d2l.parity.tasks import Arrays, Result, task
from d2l.trials import Prepared, Training
from d2l.trials.observed import prefixed, select


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

    checkpoint: a file to resume from, and to write to after every epoch.
    shared_masks: dropout draws what it draws in all frameworks, and more slowly.
    """
    weights = select(arrays, "weights") or None
    found = trials.find(trial).on(data)
    prepared = session.prepare(trial, data, seed, weights, found.optimizer)
    board = ReportingRecorder(found.step_curves, report)
    start = time.perf_counter()
    training = Training(
        board=board,
        epochs=epochs or found.epochs,
        clip=found.clip,
        checkpoint=checkpoint,
        watch=board.watch,
        about={"trial": trial, "data_name": data or found.default_data, "seed": seed},
    )
    with session.parity_mode() if shared_masks else contextlib.nullcontext():
        prepared.train(training)
    board.flush()
    result = _facts(session, prepared, board, start)
    curves = {k: np.array(v) for k, v in board.curves.items()}
    parameters = prefixed("parameter", prepared.weights())
    return result, prefixed("curve", curves) | parameters


def _facts(
    session: Session, prepared: Prepared, board: ReportingRecorder, start: float
) -> dict[str, Any]:
    """What there is to say of a training that began at the time `start`."""
    # None at all, where the checkpoint had reached the last epoch already.
    stamps = next((board.seconds[k] for k in board.labels if k in board.seconds), [])
    return {
        "version": session.backend.version(),
        "parameters": sum(s.canonical().size for s in prepared.slots() if s.trainable),
        "steps": len(stamps),
        "outline": prepared.outline(),
        "num_val_batches": board.trainer.num_val_batches,
        **_timing(stamps, start),
        "seconds": time.perf_counter() - start,
        "peak_memory_mib": peak_memory_mib(),
    }


class ReportingRecorder(CurveRecorder):
    """A recorder that waits for every value and tells how far training is.

    labels: of the curves that have a value for every step; the first counts them.
    """

    def __init__(self, labels: Sequence[str], report: Callable[[dict[str, Any]], None]):
        super().__init__(synchronise=True)
        self.labels, self.report = labels, report
        # A resumed training begins at a later one; known with the first value.
        self.first_epoch: int | None = None

    def watch(self, trainer: Any) -> None:
        """Look at the epochs and steps of a trainer, or of what stands for one."""
        self.trainer = trainer

    def draw(self, x: Any, y: Any, label: str, every_n: int = 1) -> None:
        """Record a value and report it."""
        super().draw(x, y, label, every_n)
        if self.first_epoch is None:
            self.first_epoch = self.trainer.epoch
        if label == next((k for k in self.labels if k in self.curves), None):
            epochs = self.trainer.max_epochs - self.first_epoch
            steps = epochs * self.trainer.num_train_batches
            done = len(self.curves[label])
            loss = float(step_losses(self.curves, self.labels)[-1])
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
