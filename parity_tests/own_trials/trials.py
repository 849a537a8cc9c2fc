"""Trials that are not the book's, and a kind of trial that the engine never saw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from d2l.common import trees
from d2l.common.axes import axes_of
from d2l.trials import (
    ArrayChoice,
    FromTraining,
    LoopTrial,
    ModelTrial,
    NoData,
    Prepared,
    Trial,
)
from d2l.trials.observed import observed_tree, tensors

MODELS = str(Path(__file__).parent / "models" / "{framework}.py")
#: What they belong to, for evidence.
SECTION = "own_trials/trials"
STEPS = 5


@dataclass(frozen=True)
class Inputs:
    """What the model reads; a mask of pairs of steps is added to the scores."""

    tokens: Any
    features: Any
    mask: Any


def sequences():
    """Numbers, floats with channels, a mask of all pairs; labels and targets."""
    random = np.random.default_rng(0)
    pairs = random.random((64, 1, STEPS, STEPS)) < 0.2
    features = random.standard_normal((64, 3, STEPS))
    tokens = random.integers(0, 7, (64, STEPS))
    return {
        "inputs": Inputs(tokens, features, np.where(pairs, -1e3, 0.0)),
        "labels": random.integers(0, 4, 64),
        "targets": features[:, ::-1] * 0.5,
        "nothing": None,
        "power": 2,
    }


TWO_LOSSES = ModelTrial(
    "two_losses",
    "Two losses of a dictionary",
    SECTION,
    f"{MODELS}:TwoLosses",
    {"lr": 0.1},
    data={
        "sequences": ArrayChoice(
            make=sequences,
            batch_size=8,
            num_val=16,
            axes={"inputs.features": "n c t", "targets": "n c t"},
        )
    },
    output_axes={"more.0": "n c t"},
    # The same number is added to all scores of a query, which softmax ignores.
    zero_gradients=("keys.bias",),
)

PICTURE = ModelTrial(
    "picture",
    "An image that descends a loss",
    SECTION,
    f"{MODELS}:Picture",
    {"lr": 5.0},
    data={"nothing": NoData(num_batches=10)},
)

SAMPLER = LoopTrial(
    "sampler",
    "Langevin dynamics",
    SECTION,
    f"{MODELS}:sample",
    {"num_steps": FromTraining("steps"), "lr": 0.01},
    step_curves=("energy",),
    # Noise drives it on, and what rounding does is carried along.
    float32_steps=20,
)


@dataclass(frozen=True)
class Carriage(Trial):
    """A kind of its own: carries a tree of arrays into a framework and back.

    make: makes the tree; axes: of its arrays, by path.
    """

    make: Any
    axes: Any

    comparisons: ClassVar = ("curve",)

    def start(self, session, start):
        """There is nothing to build."""
        return Carried(self, session)


class Carried(Prepared):
    """The tree within a framework."""

    def __init__(self, trial, session):
        self.trial, self.session = trial, session

    def slots(self):
        """Nothing learns."""
        return ()

    def train(self, training):
        """Whether each array had its axes there, and what came back."""
        own = tensors(self.session, self.trial.make(), self.trial.axes)
        backend = self.session.backend
        for path, leaf in trees.leaves(own):
            axes = axes_of(self.trial.axes, path)
            if backend.channels_last and axes is not None:
                assert leaf.shape[-1] == self.trial.make()[path].shape[1]
        return observed_tree(self.session, "returned", own, self.trial.axes)


def carried():
    """Arrays of four axes that are no images, and one of three that has channels."""
    random = np.random.default_rng(0)
    return {
        "attention": random.random((2, 3, 4, 5)),
        "mask": random.random((2, 1, 6, 6)) < 0.5,
        "sequence": random.random((2, 3, 7)),
        "images": random.random((2, 3, 8, 9)),
    }


CARRIAGE = Carriage(
    "carriage",
    "Arrays there and back",
    SECTION,
    make=carried,
    axes={"sequence": "n c t", "images": "n c h w"},
)
