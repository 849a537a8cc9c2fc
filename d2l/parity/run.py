"""One framework's training, as it is compared and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from d2l.common.weights import Arrays
from d2l.trials.observed import select


@dataclass(frozen=True)
class Run:
    """One framework's training.

    facts: version, parameters, steps, times and memory, as the task told them.
    curves: every value of every curve.
    weights: what training ended at.
    """

    framework: str
    facts: dict[str, Any]
    curves: Arrays
    weights: Arrays
    step_curves: tuple[str, ...]

    @property
    def curve(self) -> np.ndarray:
        """The loss of every step; the first one, where there are several."""
        return step_losses(self.curves, self.step_curves)

    def compared_curves(self, judged: int) -> dict[str, Arrays]:
        """All losses, or those of the first `judged` steps and the others."""
        training = {k: v for k, v in self.curves.items() if k in self.step_curves}
        validation = ("val_loss", "val_ppl")
        losses = training | {k: v for k, v in self.curves.items() if k in validation}
        if len(self.curve) <= judged:
            return {"curve": losses}
        first = {k: v[:judged] for k, v in training.items()}
        later = {k: v[judged:] for k, v in training.items()}
        return {"curve": first, "later steps": losses | later}

    def by_epoch(self, label: str) -> np.ndarray:
        """A validation curve's mean over the batches of each epoch."""
        values = self.curves.get(label, np.zeros(0))
        batches = self.facts["num_val_batches"]
        return values.reshape(-1, batches).mean(axis=1) if len(values) else values

    def as_record(self, metric: str) -> dict[str, Any]:
        """For JSON; the final metric is the mean over the last epoch's batches."""
        facts, metrics = self.facts, self.by_epoch(metric)
        names = ("step_ms", "first_step_ms", "peak_memory_mib", "seconds")
        return {
            "framework": self.framework,
            "version": facts["version"],
            "parameters": facts["parameters"],
            "steps": facts["steps"],
            "curve": [finite(x) for x in self.curve],
            "final_loss": finite(self.curve[-1]) if len(self.curve) else None,
            "final_metric": finite(metrics[-1]) if len(metrics) else None,
            "metrics": [finite(x) for x in metrics],
            **{name: finite(facts[name]) for name in names},
        }


def step_losses(
    curves: Mapping[str, Sequence[float] | np.ndarray], labels: Sequence[str]
) -> np.ndarray:
    """The first of the curves `labels` that there is; none gives no values.

    Language models plot perplexity, which is the exponential of the loss.
    """
    label = next((label for label in labels if label in curves), None)
    values = np.asarray(curves[label] if label is not None else np.zeros(0))
    return np.log(values) if label == "train_ppl" else values


def run_of(
    framework: str, step_curves: tuple[str, ...], facts: dict[str, Any], arrays: Arrays
) -> Run:
    """What the task `train` answered, as a run."""
    curves, weights = select(arrays, "curve"), select(arrays, "parameter")
    return Run(framework, facts, curves, weights, step_curves)


def finite(value: Any) -> float | None:
    """A number for JSON: null stands for what is not finite."""
    return float(value) if value is not None and np.isfinite(value) else None
