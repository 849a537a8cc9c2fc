"""Training through Trainer.fit in ways that the engine's tasks do not."""

from __future__ import annotations

import contextlib

import numpy as np

from d2l.common.data.loading import LimitedData
from d2l.common.plots.progress_board import CurveRecorder
from d2l.trials import OptimizerChoice
from d2l.trials.observed import prefixed, select


def _prepare(session, arrays, trial, optimizer):
    choice = OptimizerChoice(**optimizer) if optimizer else None
    weights = select(arrays, "weights")
    return session.prepare(trial, weights=weights, optimizer=choice)


def fit(
    session,
    arrays,
    trial,
    epochs,
    optimizer=None,
    checkpoint=None,
    steps=None,
    parity_mode=True,
):
    """Train for some epochs; every loss, the weights and the optimizer's state.

    steps: of an epoch, if not all; parity_mode: masks come from the shared
    stream; without it the trainer runs exactly as it does for readers.
    """
    prepared = _prepare(session, arrays, trial, optimizer)
    prepared.model.board = board = CurveRecorder()
    trainer = session.namespace.Trainer(max_epochs=epochs)
    data = prepared.data if steps is None else LimitedData(prepared.data, steps)
    mode = session.parity_mode() if parity_mode else contextlib.nullcontext()
    with mode:
        trainer.fit(
            prepared.model,
            data,
            checkpoint=checkpoint,
            optimizer=prepared.make_optimizer,
        )
    backend, model = session.backend, prepared.model
    return {}, (
        prefixed("curve", {k: np.array(v) for k, v in board.curves.items()})
        | prefixed("parameter", backend.weights(model))
        | prefixed("optimizer", backend.optimizer_state(model, trainer.optim))
    )


def board(session, arrays, trial, epochs, steps):
    """What a reader's board holds after training: the points of every curve."""
    prepared = _prepare(session, arrays, trial, None)
    trainer = session.namespace.Trainer(max_epochs=epochs)
    trainer.fit(prepared.model, LimitedData(prepared.data, steps))
    return {
        "curves": sorted(prepared.model.board.data),
        "epoch": trainer.epoch,
        "train_batch_idx": trainer.train_batch_idx,
        "val_batch_idx": trainer.val_batch_idx,
        "num_train_batches": trainer.num_train_batches,
        "num_val_batches": trainer.num_val_batches,
    }, {
        f"{label}.{axis}": np.array([getattr(point, axis) for point in points])
        for label, points in prepared.model.board.data.items()
        for axis in ("x", "y")
    }


def train_again(session, arrays, trial, steps):
    """Train a model twice with one trainer: the second time goes on from the first."""
    prepared = _prepare(session, arrays, trial, None)
    prepared.model.board = board = CurveRecorder()
    trainer = session.namespace.Trainer(max_epochs=1)
    for _ in range(2):
        trainer.fit(prepared.model, LimitedData(prepared.data, steps))
    return {}, {k: np.array(v) for k, v in board.curves.items()}


def best_epoch(session, arrays, trial, epochs, keep_best, patience, lr):
    """Where a training stops that keeps its best epoch, and with which weights."""
    choice = {"name": "sgd", "settings": {"lr": lr}}
    prepared = _prepare(session, arrays, trial, choice)
    prepared.model.board = board = CurveRecorder()
    trainer = session.namespace.Trainer(max_epochs=epochs)
    trainer.fit(
        prepared.model,
        LimitedData(prepared.data, 8),
        optimizer=prepared.make_optimizer,
        keep_best=keep_best,
        patience=patience,
    )
    label = keep_best.removeprefix("val_")
    curve = {"curve": np.array(board.curves[f"val_{label}"])}
    weights = prefixed("parameter", session.backend.weights(prepared.model))
    return {"epochs": trainer.epoch + 1}, curve | weights
