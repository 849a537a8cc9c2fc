"""`Trainer.fit` beside the plain loop that an expert would write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.cases import Training
from benchmarks.data import Batches, make_batches
from benchmarks.session import BenchmarkSession
from benchmarks.turns import one_pair, seconds
from d2l.common.plots.progress_board import CurveRecorder
from d2l.parity.backend import Backend
from d2l.parity.run import step_losses

#: What a step plots: its loss, or that of a language model as perplexity.
STEP_CURVES = ("train_loss", "train_ppl")

#: A plain loop: from batches to the loss of the last of them, before its update.
Loop = Callable[[list[Any]], float]
#: How far apart the two may be in float32.
TOLERANCE = 1e-5


def time_case(
    session: BenchmarkSession, case: Training, rounds: int
) -> tuple[float, list[tuple[float, float]]]:
    """Seconds of our first step, and those of epochs, ours and plain."""
    backend = session.backend
    batches = make_batches(case, backend)
    model = session.make_model(case, batches[0][0])
    network = plain_network(session, case, model, batches[0][0])
    loops = session.loops("training")
    plain: Loop = loops.make_loop(network, case.optimizer, case.lr, case.clip)
    trainer = session.namespace.Trainer(max_epochs=1, gradient_clip_val=case.clip)

    def fit(some: list[Any]) -> float:
        model.board = CurveRecorder()
        trainer.fit(model, Batches(some))
        return float(step_losses(model.board.curves, STEP_CURVES)[-1])

    board, losses = model.board, []
    first = seconds(lambda: losses.append(fit(batches[:1])), backend)
    # The second loss tells whether the first update was the same.
    losses.append(fit(batches[1:2]))
    expected = [plain(batches[:1]), plain(batches[1:2])]
    num_same = 2 if getattr(network, "same_parameters", True) else 1
    check_same(losses[:num_same], expected[:num_same])
    model.board = board
    plain(batches)
    return first, time_in_turns(trainer, model, batches, plain, rounds, backend)


def plain_network(
    session: BenchmarkSession, case: Training, model: Any, inputs: Any
) -> Any:
    """The network of the plain loop, with the weights of `model`.

    Where its parameters must differ from ours, `same_parameters` says so.
    """
    if case.network is None:
        return session.make_model(case, inputs).net
    weights = session.backend.weights(model)
    return session.loops(case.network).make_network(weights, **case.settings)


def check_same(ours: list[float], plain: list[float]) -> None:
    """Raise an AssertionError unless the two models have the same losses."""
    if not np.allclose(ours, plain, rtol=TOLERANCE, atol=0):
        raise AssertionError(f"Our losses are {ours}, those of the loop {plain}.")


def time_in_turns(
    trainer: Any,
    model: Any,
    batches: list[Any],
    plain: Loop,
    rounds: int,
    backend: Backend,
) -> list[tuple[float, float]]:
    """Seconds of the epochs of one `fit`, and of a plain epoch beside each.

    Within `fit`: some trainers compile the model for as long as it runs.
    """
    pairs = []
    own_epoch = trainer.fit_epoch

    def epoch() -> None:
        if trainer.epoch == 0:  # compiles
            own_epoch()
            return
        turn = bool(trainer.epoch % 2)
        pairs.append(one_pair(own_epoch, lambda: plain(batches), backend, turn))

    trainer.fit_epoch = epoch
    trainer.max_epochs = rounds + 1
    trainer.fit(model, Batches(batches))
    return pairs
