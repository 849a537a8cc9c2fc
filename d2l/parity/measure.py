"""How far apart two arrays are, and what to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Measurement:
    """One tensor of one framework against the reference.

    error: max|a - b| / max|a| with the reference a; infinite when shapes, types
    or finiteness disagree, and `problem` says which.
    """

    framework: str
    reference: str
    kind: str
    tensor: str
    error: float
    tolerance: float
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether the tensor agrees within the tolerance."""
        # Written so that an error that is not a number fails.
        return not self.problem and self.error <= self.tolerance

    def __str__(self) -> str:
        what = self.problem or f"error {self.error:.1e} > {self.tolerance:.0e}"
        sign = "ok" if self.passed else "FAILED"
        return f"{sign} {self.framework} {self.kind} {self.tensor}: {what}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON, which has no infinity."""
        finite = np.isfinite(self.error)
        return asdict(self) | {
            "error": self.error if finite else None,
            "passed": self.passed,
        }


def kind_of_number(array: np.ndarray) -> str:
    """Boolean, integer or the precision of a float: what must agree of a dtype.

    Frameworks differ in the width of their default integers, and may.
    """
    kind = np.asarray(array).dtype.kind
    return {"b": "boolean", "i": "integer", "u": "integer"}.get(
        kind, str(np.asarray(array).dtype)
    )


def relative_error(
    actual: np.ndarray, expected: np.ndarray, scale: float | None = None
) -> tuple[float, str]:
    """max|a - b| / max|a|, and where and how the arrays disagree, if they do.

    scale: to divide by instead of max|a|.

    Shapes and types are looked at first, then finiteness on both sides.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape:
        return np.inf, f"shape {actual.shape} instead of {expected.shape}"
    if kind_of_number(actual) != kind_of_number(expected):
        return np.inf, f"type {actual.dtype} instead of {expected.dtype}"
    if actual.size == 0:
        return 0.0, ""
    a, b = actual.astype(np.float64), expected.astype(np.float64)
    for array, side in ((a, "it"), (b, "the reference")):
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            where = tuple(map(int, bad[0]))
            return np.inf, f"{side} is {array[where]} at {where}"
    scale = np.abs(b).max() if scale is None else scale
    return float(np.abs(a - b).max() / (scale if scale > 0 else 1.0)), ""


def worst_place(actual: np.ndarray, expected: np.ndarray) -> str:
    """Where two arrays of one shape differ most, with both values."""
    difference = np.abs(np.asarray(actual, float) - np.asarray(expected, float))
    where = np.unravel_index(int(difference.argmax()), difference.shape)
    index = tuple(map(int, where))
    return f"at {index}: {actual[where]!r} instead of {expected[where]!r}"


def measure(
    names: tuple[str, str, str, str],
    actual: np.ndarray,
    expected: np.ndarray,
    tolerance: float,
    scale: float | None = None,
) -> Measurement:
    """Compare two arrays.

    names: framework, reference, kind of check, tensor.
    """
    error, problem = relative_error(actual, expected, scale)
    if not problem and not error <= tolerance:
        place = worst_place(np.asarray(actual), np.asarray(expected))
        problem = f"error {error:.1e} > {tolerance:.0e} {place}"
    return Measurement(*names, error, tolerance, problem)


def measure_all(
    names: tuple[str, str, str],
    actual: dict[str, np.ndarray],
    expected: dict[str, np.ndarray],
    tolerance: float,
    scales: Mapping[str, float] | None = None,
) -> list[Measurement]:
    """Compare two sets of named arrays; a name that one side lacks is a failure.

    scales: what to divide the errors of some of them by, instead of their size.
    """
    framework, reference, kind = names
    scales = scales or {}
    results = []
    for tensor in [*expected, *(t for t in actual if t not in expected)]:
        labels = (framework, reference, kind, tensor)
        if tensor in actual and tensor in expected:
            pair = actual[tensor], expected[tensor]
            scale = scales.get(tensor)
            results.append(measure(labels, *pair, tolerance, scale))
        else:
            lacking = framework if tensor not in actual else reference
            problem = f"{lacking} has no such tensor"
            results.append(Measurement(*labels, np.inf, tolerance, problem))
    return results


def rounded_to(precision: str, array: np.ndarray) -> np.ndarray:
    """Floats in `precision`; anything else as it is."""
    is_float = np.issubdtype(np.asarray(array).dtype, np.floating)
    return np.asarray(array, dtype=precision) if is_float else array


def same_precision(
    actual: dict[str, np.ndarray], expected: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Both in float64: curves and optimizer states cross as they are counted."""
    return (
        {k: np.asarray(v, np.float64) for k, v in actual.items()},
        {k: np.asarray(v, np.float64) for k, v in expected.items()},
    )
