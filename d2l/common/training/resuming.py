"""A training's checkpoint: all that it takes to go on, and what it is a training of.

One safetensors file. `model.*` and `optimizer.*` are canonical, for any framework;
`state.*` and the description beside them are everything else that was found by
walking trainer, model and optimizer, for the framework that wrote them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from d2l.common.errors import DataError
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.common.training.state_kinds import StateError, global_generators
from d2l.common.training.state_reading import StateReader
from d2l.common.training.state_writing import StateWriter

FORMAT = "2"
#: Arguments of models and data that no number of a training depends on.
IRRELEVANT = {"plot_train_per_epoch", "plot_valid_per_epoch", "root", "num_workers"}
#: Facts that may differ from what is asked for now.
FREE = {"version"}


class CheckpointError(DataError):
    """A checkpoint of something else, or of more than was asked for."""


class Checkpoint:
    """The file of one training."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        trainer: Any,
        data: Any,
        about: Mapping[str, Any] | None = None,
    ):
        """Find out, before the first step, whether all of the state can be saved.

        about: what the caller knows of the training, such as its seed.

        Raises StateError, naming it, for what cannot be saved.
        """
        self.path, self.trainer, self.data = Path(path), trainer, data
        # What the caller says comes first, as it explains the differences after it.
        facts = {**(about or {}), **_facts(trainer, data), **(about or {})}
        self.about = json.loads(json.dumps(facts))
        self._from_the_start = self._describe(values=False)[0].fixed

    def save(self) -> None:
        """Write the state after an epoch."""
        arrays = self.trainer.training_state()
        reader, spec = self._describe(values=True, canonical=arrays)
        # An object that training has made could not be made when it is taken up.
        for path in sorted(reader.fixed - self._from_the_start):
            raise StateError(
                f"{path} cannot be saved in a checkpoint: it was made in training."
            )
        arrays |= {f"state.{name}": array for name, array in reader.arrays.items()}
        trainer = self.trainer
        metadata = {
            "format": FORMAT,
            "framework": trainer.framework,
            "epochs_done": str(trainer.epoch + 1),
            "train_batch_idx": str(trainer.train_batch_idx),
            "val_batch_idx": str(trainer.val_batch_idx),
            "not_portable": trainer.why_not_portable(),
            "about": json.dumps(self.about),
            "state": json.dumps(spec, separators=(",", ":")),
        }
        save_arrays(self.path, arrays, metadata)

    def load(self) -> int:
        """Take up the state, if there is any; returns how many epochs are done.

        Raises CheckpointError if the file is of something else.
        """
        if not self.path.exists():
            return 0
        arrays, metadata = load_arrays(self.path)
        self._check(metadata)
        canonical = {k: a for k, a in arrays.items() if not k.startswith("state.")}
        is_own = metadata["framework"] == self.trainer.framework
        if not is_own:
            self._check_portable(metadata)
            self.trainer.restore_state(canonical)
            self._restore_counters(metadata)
        else:
            self.trainer.restore_weights(canonical)
            own = {k.removeprefix("state."): a for k, a in arrays.items()}
            self._restore_own(own, json.loads(metadata["state"]))
        return int(metadata["epochs_done"])

    def _roots(self) -> dict[str, Any]:
        trainer = self.trainer
        return {
            "model": trainer.model,
            "optimizer": trainer.optim,
            "trainer": trainer,
            "random": trainer.generators() | global_generators(),
        }

    def _loaders(self) -> dict[str, Any]:
        trainer = self.trainer
        return {"train": trainer.train_dataloader, "val": trainer.val_dataloader}

    def _describe(
        self, values: bool, canonical: Mapping[str, np.ndarray] | None = None
    ) -> tuple[StateReader, dict[str, Any]]:
        kinds, loaders = self.trainer.kinds(), self._loaders()
        stored = {
            key: name
            for key, name in self.trainer.stored_arrays().items()
            if name in (canonical or {})
        }
        outside = (self.data, *loaders.values())
        reader = StateReader(kinds, stored, outside, values)
        spec = {k: reader.describe(v, k) for k, v in self._roots().items()}
        reader.check()
        positions = StateReader(kinds, of_data=True)
        spec["loaders"] = positions.describe(loaders, "loaders")
        reader.arrays |= positions.arrays
        return reader, spec

    def _restore_own(
        self, arrays: Mapping[str, np.ndarray], spec: dict[str, Any]
    ) -> None:
        kinds = self.trainer.kinds()
        loaders = StateWriter(kinds, arrays, of_data=True)
        loaders.put(spec["loaders"], self._loaders(), "loaders")
        writer = StateWriter(kinds, arrays)
        for name, root in self._roots().items():
            writer.put(spec[name], root, name)

    def _restore_counters(self, metadata: Mapping[str, str]) -> None:
        trainer = self.trainer
        trainer.train_batch_idx = int(metadata["train_batch_idx"])
        trainer.val_batch_idx = int(metadata["val_batch_idx"])
        # A later epoch has another order of examples than the first.
        for loader in self._loaders().values():
            if hasattr(loader, "order"):
                loader.order.epoch = int(metadata["epochs_done"])

    def _check(self, metadata: Mapping[str, str]) -> None:
        if metadata.get("format") != FORMAT:
            raise CheckpointError(
                f"{self.path} is no checkpoint of this release of d2l: older ones do "
                "not hold all that it takes to go on."
            )
        about = json.loads(metadata["about"])
        for name, here in self.about.items():
            there = about.get(name, here)
            if name not in FREE and there != here:
                raise CheckpointError(
                    f"{self.path} is a checkpoint of another training: "
                    f"its {name} is {there}, not {here}."
                )
        done, wanted = int(metadata["epochs_done"]), self.trainer.max_epochs
        if done > wanted:
            raise CheckpointError(
                f"{self.path} has {done} epochs behind it, more than the {wanted} "
                "that were asked for."
            )

    def _check_portable(self, metadata: Mapping[str, str]) -> None:
        title = FRAMEWORKS[metadata["framework"]].title
        if reason := metadata["not_portable"]:
            raise CheckpointError(
                f"{self.path} goes on in {title} only: it holds {reason}."
            )


def _facts(trainer: Any, data: Any) -> dict[str, Any]:
    """What the training is of, as far as the trainer can see."""
    best = trainer.best
    return {
        "version": FRAMEWORKS[trainer.framework].version(),
        "precision": trainer.precision(),
        "gradient_clip_val": float(trainer.gradient_clip_val),
        "keep_best": best and best.metric,
        "model": type(trainer.model).__name__,
        **dict(_arguments("model", trainer.model)),
        "data": type(data).__name__,
        "data.seed": getattr(data, "seed", None),
        **dict(_arguments("data", data)),
        "data.batches": [trainer.num_train_batches, trainer.num_val_batches],
    }


def _arguments(name: str, owner: Any) -> Iterator[tuple[str, Any]]:
    """The arguments that `owner` was made with, where JSON can hold them."""
    for key, value in (getattr(owner, "hparams", None) or {}).items():
        if key not in IRRELEVANT and _is_plain(value):
            yield f"{name}.{key}", value


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return isinstance(value, (bool, int, float, str, type(None)))
