"""A training loop of its own, in one framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from d2l.common import trees
from d2l.common.data.loading import LimitedData
from d2l.common.errors import InputError
from d2l.common.plots.progress_board import recorded_by
from d2l.common.weights import Arrays, Slot, fill_slots
from d2l.trials.choices import FromTraining, Part
from d2l.trials.observed import observed_batches, observed_tree
from d2l.trials.outlines import outline_of, start_data
from d2l.trials.session import Session
from d2l.trials.trial import Prepared, Start, Training

if TYPE_CHECKING:
    from d2l.trials.loop_trial import LoopTrial


class PreparedLoop(Prepared):
    """The loop's models by the names of its arguments, and its data."""

    trial: LoopTrial

    def __init__(self, trial: LoopTrial, session: Session, start: Start):
        if start.optimizer is not None:
            raise InputError(f"{trial.name} makes its optimizers itself.")
        self.session = session
        self.data: Any = None
        self.axes: Mapping[str, str] = {}
        session.backend.seed(start.seed)
        if trial.data:
            self.data, self.axes = start_data(trial, session, start)
        self.trial = trial.on(start.data or trial.default_data)  # type: ignore[assignment]
        self.arguments = {**self.trial.arguments, **start.arguments}
        self.models = {
            name: self._build(value)
            for name, value in self.arguments.items()
            if isinstance(value, Part)
        }
        if start.weights is not None:
            fill_slots(self.slots(), start.weights)

    def _build(self, part: Part) -> Any:
        model = self.session.build(part.model, part.arguments, self.data)
        if part.example is not None:
            backend = self.session.backend
            inputs = [backend.to_tensor(np.zeros(part.example))]
            backend.materialise(model, inputs)
        return model

    def slots(self) -> Iterable[Slot]:
        """Every tensor of every model, as `<argument>.<tensor>`."""
        for name, model in self.models.items():
            for slot in self.session.backend.slots(model):
                yield replace(slot, name=f"{name}.{slot.name}")

    def outline(self) -> dict[str, Any]:
        """What the data know that the models are built with."""
        return outline_of(self.arguments, self.data)

    def batches(self, steps: int | None) -> Arrays:
        """The first batches of the data."""
        return observed_batches(self.session, self.data, self.axes, steps)

    def train(self, training: Training) -> Arrays:
        """Call the function; returns its tree as `returned.*`."""
        if training.checkpoint is not None:
            raise InputError(f"{self.trial.name} has a loop that keeps no checkpoints.")
        data = self.data
        if data is not None and training.steps is not None:
            data = LimitedData(data, training.steps)
        batches = data.train_dataloader() if data is not None else ()
        turns = training.steps or training.epochs
        known = {
            "batches": batches,
            "epochs": 1 if training.steps is not None else training.epochs,
            "steps": turns,
        }
        training.watch(_progress(training, turns if data is None else len(batches)))
        arguments = {k: self._fill(k, v, known) for k, v in self.arguments.items()}
        function = self.session.find(self.trial.function)
        with recorded_by(training.board):
            returned = function(**arguments)
        arrays = {
            path: leaf
            for path, leaf in trees.leaves(returned)
            if hasattr(leaf, "dtype")
        }
        return observed_tree(self.session, "returned", arrays, {})

    def _fill(self, name: str, value: Any, known: dict[str, Any]) -> Any:
        if name in self.models:
            return self.models[name]
        if isinstance(value, FromTraining):
            return known[value.what]
        return self.session.fill(value, self.data)


def _progress(training: Training, steps: int) -> SimpleNamespace:
    """What is asked of a trainer, where there is none."""
    return SimpleNamespace(
        epoch=0,
        max_epochs=training.epochs,
        num_train_batches=steps,
        num_val_batches=0,
    )
