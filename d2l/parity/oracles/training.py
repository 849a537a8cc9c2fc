"""Training in NumPy alone: what Trainer.fit must arrive at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from d2l.parity.oracles.classification import share_right
from d2l.parity.oracles.models import ModelOracle
from d2l.parity.oracles.optimizers import OPTIMIZERS, Arrays, Step, clip_by_norm
from d2l.trials import OptimizerChoice

Batch = Sequence[np.ndarray]


def optimizer_of(trial: Any, choice: OptimizerChoice | None) -> Step:
    """The chosen optimizer, or what the model's `configure_optimizers` says."""
    if choice is not None:
        return OPTIMIZERS[choice.name](**choice.settings)
    # The bias is spared, the weight is not.
    decay = {"net.weight": trial.arguments.get("wd", 0.0)}
    return OPTIMIZERS["sgd"](lr=trial.arguments["lr"], weight_decay=decay)


def fit(
    model: ModelOracle,
    weights: Arrays,
    batches: tuple[Sequence[Batch], Sequence[Batch]],
    step: Step,
    clip: float = 0.0,
    accuracy: bool = False,
) -> Arrays:
    """Train on each batch once, then validate.

    batches: for training and for validation.
    accuracy: validate it as well. returns what the task `curve` returns.
    """
    if model.gradients is None:
        raise ValueError("this oracle has no gradients derived by hand")
    weights, losses = dict(weights), []
    state: Arrays = {}
    for X, y in batches[0]:
        losses.append(model.loss(model.forward(weights, X, None), y, weights))
        gradients = model.gradients(weights, X, y)
        if clip > 0:
            gradients = clip_by_norm(gradients, clip)
        step(weights, gradients, state)
    found = {"curve.train_loss": np.array(losses)}
    outputs = [(model.forward(weights, X, None), y) for X, y in batches[1]]
    if outputs:
        found["curve.val_loss"] = np.array(
            [model.loss(output, y, weights) for output, y in outputs]
        )
    if outputs and accuracy:
        found["curve.val_acc"] = np.array([share_right(o, y) for o, y in outputs])
    found |= {f"parameter.{name}": w for name, w in weights.items()}
    return found | {f"optimizer.{name}": s for name, s in state.items()}
