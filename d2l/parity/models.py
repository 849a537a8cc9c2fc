"""Compare models of a reader's own, in any two or more frameworks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from d2l.common import trees
from d2l.common.axes import Axes
from d2l.common.weights import Arrays, WeightError
from d2l.parity.initial_weights import initial_weights
from d2l.parity.measure import Measurement, measure, rounded_to
from d2l.parity.pool import Pool
from d2l.parity.tolerances import tolerance
from d2l.trials.observed import prefixed

Shapes = dict[str, tuple[int, ...]]
#: The path of each part in order, and the paths of its outputs below that.
Parts = list[tuple[str, list[str]]]


@dataclass(frozen=True)
class ModelReport:
    """What was measured, in the order in which the model computes it."""

    reference: str
    measurements: list[Measurement]

    @property
    def passed(self) -> bool:
        """Whether everything agrees."""
        return all(m.passed for m in self.measurements)

    def first_divergence(self) -> Measurement | None:
        """The first part, output or gradient that differs."""
        return next((m for m in self.measurements if not m.passed), None)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        first = self.first_divergence()
        return {
            "reference": self.reference,
            "passed": self.passed,
            "first_divergence": first.as_dict() if first else None,
            "measurements": [m.as_dict() for m in self.measurements],
        }


def compare_models(
    models: Mapping[str, str],
    inputs: Any,
    labels: np.ndarray,
    loss: str = "cross_entropy",
    *,
    axes: Axes | None = None,
    precision: str = "float64",
    names: Mapping[str, Mapping[str, str]] | None = None,
    pythons: Mapping[str, str] | None = None,
) -> ModelReport:
    """Compare models on one batch, from the same weights; the first is the reference.

    models: for each framework, `FILE.py:FUNCTION` or `MODULE:FUNCTION`, where the
        function takes no arguments and returns the model.
    inputs: an array, a list of positional arguments, or a dictionary of arguments by
        name; each an array or a tree of arrays, plain values and None.
    labels: class numbers for "cross_entropy", values for "squared".
    loss: "cross_entropy" or "squared"; where the output is a tree, with the path of
        what it takes: "cross_entropy:logits".
    axes: in PyTorch's order, by path: {"inputs.0": "n c h w", "output": "n c h w"}; an
        array that is not named has the same axes in all frameworks.
    names: for a framework, the reference's name of each of its tensors, where the order
        of definition does not tell.
    pythons: for a framework, the interpreter that has it, if not this one.

    Raises WeightError when the models' tensors cannot be matched.
    """
    if len(models) < 2:
        raise WeightError("It takes models in at least two frameworks to compare.")
    arguments = inputs if isinstance(inputs, list | dict) else [inputs]
    batch = {"inputs": arguments, "labels": np.asarray(labels)}
    with Pool(pythons) as pool:
        runner = _Runner(pool, precision, batch, loss, axes or {})
        results = runner.run_all(models, names or {})
    return _report(next(iter(models)), results, precision)


@dataclass(frozen=True)
class _Runner:
    """Runs models on one batch in the processes of a pool."""

    pool: Pool
    precision: str
    batch: dict[str, Any]
    loss: str
    axes: Axes

    def run(self, framework: str, task: str, weights: Arrays, **arguments: Any) -> Any:
        """A task on the batch."""
        spec, arrays = trees.pack(self.batch)
        told = {"batch": spec, "axes": dict(self.axes), **arguments}
        arrays = prefixed("batch", arrays) | prefixed("weights", weights)
        return self.pool.run(framework, self.precision, task, arrays, **told)

    def run_all(
        self, models: Mapping[str, str], names: Mapping[str, Mapping[str, str]]
    ) -> dict[str, Arrays]:
        """Every model's results, from the same weights, under the first one's names."""
        shapes = {f: self.shapes(f, spec) for f, spec in models.items()}
        reference = shapes[next(iter(models))]
        weights = initial_weights(reference, seed=0)
        results = {}
        for framework, spec in models.items():
            match = match_names(reference, shapes[framework], names.get(framework))
            own = {mine: weights[theirs] for mine, theirs in match.items()}
            parts, found = self.results(framework, spec, own)
            results[framework] = _translated(parts, found, match)
        return results

    def shapes(self, framework: str, spec: str) -> Shapes:
        """Those of a model's tensors."""
        result, _ = self.run(framework, "model_shapes", {}, spec=spec)
        return {name: tuple(shape) for name, shape in result["shapes"].items()}

    def results(
        self, framework: str, spec: str, weights: Arrays
    ) -> tuple[Parts, Arrays]:
        """The names of a model's parts in their order, and all that it computes."""
        arguments = {"spec": spec, "loss": self.loss}
        result, found = self.run(framework, "model_run", weights, **arguments)
        return result["parts"], found


def match_names(
    reference: Shapes, own: Shapes, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """For each tensor of a model, the reference's name of it.

    Tensors match by the given names, else by equal names, else in their order,
    when kinds ("weight", "bias" ...) and shapes fit one by one.
    """
    match = dict(given or {})
    rest = [n for n in own if n not in match]
    left = [n for n in reference if n not in set(match.values())]
    if set(rest) == set(left):
        match |= {name: name for name in rest}
    else:
        match |= dict(zip(rest, left, strict=False))
        for name in rest[len(left) :] + left[len(rest) :]:
            raise WeightError(f"The tensor {name} has no counterpart.")
    for mine, theirs in match.items():
        _require_alike(mine, own.get(mine), theirs, reference.get(theirs))
    return match


def _require_alike(mine: str, own: Any, theirs: str, wanted: Any) -> None:
    same_kind = mine.rpartition(".")[2] == theirs.rpartition(".")[2]
    if own is None or wanted is None or own != wanted or not same_kind:
        raise WeightError(
            f"The tensor {mine} of shape {own} does not match the reference's "
            f"{theirs} of shape {wanted}; give `names` if the order differs."
        )


def _translated(parts: Parts, found: Arrays, match: Mapping[str, str]) -> Arrays:
    """A model's results under the reference's names, in order of computation."""
    paths = {m.rpartition(".")[0]: t.rpartition(".")[0] for m, t in match.items()}
    ordered: Arrays = {}
    for part, branches in parts:
        for branch in branches:
            title = trees.join(f"part.{paths.get(part, part)}", branch)
            ordered[title] = found[trees.join(f"part.{part}", branch)]
    ordered |= {k: v for k, v in found.items() if k.split(".")[0] == "output"}
    ordered["loss"] = found["loss"]
    for name, array in found.items():
        kind, _, tensor = name.partition(".")
        if kind == "gradient":
            ordered[f"gradient.{match.get(tensor, tensor)}"] = array
        elif kind == "input":
            ordered[name] = array
    return ordered


def _report(
    reference: str, results: Mapping[str, Arrays], precision: str
) -> ModelReport:
    measurements = []
    truth = results[reference]
    for framework, found in results.items():
        for name in [*truth, *(n for n in found if n not in truth)]:
            if framework == reference:
                continue
            kind = "gradients" if name.startswith(("gradient", "input")) else "forward"
            labels = (framework, reference, kind, name)
            limit = tolerance(kind, precision)
            if name in truth and name in found:
                a, b = (rounded_to(precision, x[name]) for x in (found, truth))
                measurements.append(measure(labels, a, b, limit))
            else:
                lacking = framework if name in truth else reference
                problem = f"{lacking} has no such tensor"
                measurements.append(Measurement(*labels, np.inf, limit, problem))
    return ModelReport(reference, measurements)
