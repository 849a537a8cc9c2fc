"""The trial of one model, which learns by its own training step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from d2l.trials.prepared_model import PreparedModel
from d2l.trials.session import Session
from d2l.trials.trial import Prepared, Start, Trial


@dataclass(frozen=True)
class ModelTrial(Trial):
    """A model, the data it can be trained on, and how `Trainer.fit` trains it.

    The loss and its gradients are those of the model's `training_step`.

    model: its public name, or as in `Part`.
    arguments: for the model's constructor, the same in every framework; a `Part` is
        built first, a `FromData` asked for.
    output_axes: of the output's arrays, by path below `output`.
    textured: compare gradients on inputs with noise added: where an image is blank, the
        maxima of pooling are ties that rounding decides.
    scratch: the trial of the same model from scratch, and by which of its parameters
        each of this trial's is matched.
    """

    model: str
    arguments: Mapping[str, Any]
    optimizers: tuple[str, ...] = field(
        default=("default", "momentum", "adam"), kw_only=True
    )
    output_axes: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    textured: bool = field(default=False, kw_only=True)
    scratch: ScratchTwin | None = field(default=None, kw_only=True)

    observations: ClassVar[tuple[str, ...]] = ("forward", "gradients")
    comparisons: ClassVar[tuple[str, ...]] = (
        *("data", "weights", "forward", "gradients", "update", "curve"),
    )

    def on(self, data: str | None) -> Trial:
        """The trial as it is for one of its data sets."""
        if data is None:
            return self
        changes = dict(self.data[data].changes)
        arguments = {**self.arguments, **changes.pop("arguments", {})}
        return replace(self, arguments=arguments, **changes)

    def own_checks(self) -> list[tuple[str, dict[str, Any]]]:
        """The version from scratch learns the same, where there is one."""
        return [("scratch", {})] if self.scratch is not None else []

    def start(self, session: Session, start: Start) -> Prepared:
        """Build the model and its data."""
        return PreparedModel(self, session, start)


@dataclass(frozen=True)
class ScratchTwin:
    """The book's other version of a model, and how the two correspond.

    trial: its name.
    weights: for each of its parameters the name of the parameter here, and whether it
        is transposed.
    arguments: what its constructor must be given so that both take the same steps.
    loss_factor: its loss as a multiple of the loss here, None when the two losses hold
        different terms.
    probabilities: it returns probabilities where this one returns logits.
    differing: patterns of those of its parameters that training is to leave different.
    """

    trial: str
    weights: Mapping[str, tuple[str, bool]]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    loss_factor: float | None = 1.0
    probabilities: bool = False
    differing: tuple[str, ...] = ()
