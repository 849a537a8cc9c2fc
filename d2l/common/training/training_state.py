"""What a checkpoint asks a trainer for: its state, in parts."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from d2l.common.training.hyperparameters import HyperParameters
from d2l.common.training.state_kinds import Held, Kinds
from d2l.common.weights import join, split


class TrainingState(HyperParameters):
    """The half of a trainer that checkpoints need.

    The framework's modules do the work: `weights` the canonical part, and `states` what
    only the framework itself can read.
    """

    framework = ""
    model: Any
    optim: Any
    #: Attributes that a checkpoint leaves out: what is given anew when training goes
    #: on, or is saved apart. All others are saved, whoever adds them.
    not_saved: tuple[str, ...] = (
        "hparams",
        "max_epochs",
        "num_gpus",
        "gradient_clip_val",
        "gpus",
        "model",
        "optim",
        "train_dataloader",
        "val_dataloader",
        "num_train_batches",
        "num_val_batches",
        "collected",
        "bar",
        "optimizer",
    )

    def support(self, module: str) -> Any:
        """A support module of the framework."""
        return importlib.import_module(f"d2l.{self.framework}.{module}")

    def read_weights(self) -> dict[str, np.ndarray]:
        """The model's tensors by canonical name."""
        return self.support("weights").weights(self.model)

    def training_state(self) -> dict[str, np.ndarray]:
        """Weights as `model.*` and the optimizer's state as `optimizer.*`.

        The latter only where other frameworks can read it.
        """
        parts = {"model": self.read_weights()}
        if not self.why_not_portable():
            tensors = self.support("weights")
            parts["optimizer"] = tensors.optimizer_state(self.model, self.optim)
        return join(parts)

    def restore_state(self, state: dict[str, np.ndarray]) -> None:
        """Put back what `training_state` gave, in whichever framework."""
        self.restore_weights(state)
        tensors, own = self.support("weights"), split(state).get("optimizer", {})
        tensors.load_optimizer_state(self.model, self.optim, own)

    def restore_weights(self, state: dict[str, np.ndarray]) -> None:
        """Put back the weights of what `training_state` gave; raises if they don't fit.

        All of the rest is put back afterwards, from the walked state.
        """
        weights = split(state).get("model", {})
        self.support("weights").load_weights(self.model, weights)

    def precision(self) -> str:
        """The default precision, such as float32."""
        return self.support("states").precision()

    def kinds(self) -> Kinds:
        """How to read and write the framework's own objects."""
        return self.support("states").States()

    def generators(self) -> dict[str, Held]:
        """The framework's global random generators."""
        return self.support("states").generators()

    def stored_arrays(self) -> dict[int, str]:
        """By `id`, the tensors that `training_state` holds bit for bit; their names."""
        return self.support("states").stored_arrays(self.model, self.optim)

    def why_not_portable(self) -> str:
        """What no other framework can go on with; empty if there is nothing."""
        return self.support("states").why_not_portable(self)
