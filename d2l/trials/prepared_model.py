"""A trial of one model, in one framework."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from d2l.common import trees
from d2l.common.axes import axes_of
from d2l.common.data.loading import LimitedData
from d2l.common.weights import Arrays, Slot
from d2l.trials.observed import (
    observed_batches,
    observed_leaves,
    observed_parts,
    observed_tree,
    prefixed,
    tensors,
)
from d2l.trials.outlines import outline_of, start_data
from d2l.trials.session import Session
from d2l.trials.steps import training_step, validation_step
from d2l.trials.trial import Prepared, Start, Training

if TYPE_CHECKING:
    from d2l.trials.model_trial import ModelTrial


class PreparedModel(Prepared):
    """The model and its data; the first batch as a tree of the framework's tensors."""

    trial: ModelTrial

    def __init__(self, trial: ModelTrial, session: Session, start: Start):
        self.session = session
        session.backend.seed(start.seed)
        self.data, self.axes = start_data(trial, session, start)
        self.trial = trial.on(start.data or trial.default_data)  # type: ignore[assignment]
        self.batch = next(iter(self.data.train_dataloader()))
        arguments = {**self.trial.arguments, **start.arguments}
        self.model = session.build(
            self.trial.model, arguments, self.data, self.batch, self.axes
        )
        session.backend.materialise_by_step(self.model, self.batch)
        if start.weights is not None:
            session.backend.load_weights(self.model, start.weights)
        # None for what the model's `configure_optimizers` returns.
        self.make_optimizer = session.optimizer(start.optimizer)

    def slots(self) -> Iterable[Slot]:
        """Every tensor of the model."""
        return self.session.backend.slots(self.model)

    def outline(self) -> dict[str, Any]:
        """What the data know, by attribute, and a batch of one example of zeros."""
        batch = observed_leaves(self.session, self.batch, self.axes)
        return outline_of(self.trial.arguments, self.data, batch)

    def batches(self, steps: int | None) -> Arrays:
        """The first batches of the data."""
        return observed_batches(self.session, self.data, self.axes, steps)

    def forward(self, batch: Any = None) -> Arrays:
        """Outputs and those of the parts, in training and in evaluation mode."""
        backend = self.session.backend
        found: Arrays = {}
        own = self._tensors(batch)
        # What is not validated has no step for it.
        is_validated = self.data.val_dataloader() is not None
        evaluate = validation_step if is_validated else training_step
        steps = {"training": training_step, "evaluation": evaluate}
        for mode, step in steps.items():
            with self.session.parity_mode():
                _, parts = backend.observe(self.model, step, own, mode == "training")
            output = parts.pop("", None)
            axes = self.trial.output_axes
            found |= observed_tree(self.session, f"{mode}.output", output, axes)
            found |= prefixed(mode, observed_parts(self.session, self.model, parts))
        return found

    def gradients(self, batch: Any = None) -> Arrays:
        """The loss of a training step, and its gradients by parameters and inputs."""
        own = self._tensors(batch)
        if self.trial.textured:
            own = trees.map_leaves(self._with_noise, own)
        with self.session.parity_mode():
            found = self.session.backend.gradients(self.model, training_step, own)
        inputs = observed_tree(self.session, "input", found.inputs, self.axes)
        parameters = prefixed("parameter", found.parameters)
        return {"loss": np.array(found.loss), **parameters, **inputs}

    def _tensors(self, batch: Any) -> Any:
        return self.batch if batch is None else tensors(self.session, batch, self.axes)

    def _with_noise(self, path: str, tensor: Any) -> Any:
        """The first inputs, between whose equal numbers rounding would decide."""
        if path != "0":
            return tensor
        backend, axes = self.session.backend, axes_of(self.axes, path)
        array = backend.canonical(tensor, axes)
        noise = 0.1 * np.random.default_rng(0).standard_normal(array.shape)
        return backend.input_tensor(array + noise, axes)

    def train(self, training: Training) -> Arrays:
        """Train through `Trainer.fit`; what the optimizer and the first step left."""
        trainer = self.session.namespace.Trainer(
            max_epochs=training.epochs, gradient_clip_val=training.clip
        )
        training.watch(trainer)
        updated = self._first_step_of(trainer) if training.first_step else {}
        self.model.board = training.board
        data = self.data
        if training.steps is not None:
            data = LimitedData(data, training.steps)
        trainer.fit(
            self.model,
            data,
            checkpoint=training.checkpoint,
            about=training.about,
            optimizer=self.make_optimizer,
        )
        return self._optimizer_state(trainer) | updated

    def _first_step_of(self, trainer: Any) -> Arrays:
        """What its first step leaves, `updated.*`: there when it was taken."""
        found: Arrays = {}
        count = trainer.step_done

        def step_done() -> None:
            count()
            if not found:
                for step in self.session.backend.open_steps(trainer):
                    step.end()
                left = prefixed("parameter", self.weights())
                left |= self._optimizer_state(trainer)
                found.update(prefixed("updated", left))

        trainer.step_done = step_done
        return found

    def _optimizer_state(self, trainer: Any) -> Arrays:
        state = self.session.backend.optimizer_state(self.model, trainer.optim)
        return prefixed("optimizer", state)
