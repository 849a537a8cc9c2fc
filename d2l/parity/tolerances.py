"""The one table of tolerances, each with its measured reason.

An error is max|a - b| / max|a| for each tensor. Float64 proves the algorithm: a
wrong formula stays wrong there while rounding nearly vanishes. Float32 shows
what practice is like.
"""

from __future__ import annotations

from dataclasses import dataclass

from d2l.trials import Trial

#: Rounding grows from step to step of a training, and no limit could hold for any
#: number of them: beyond so many, differences are told but not judged.
JUDGED_STEPS = 100


@dataclass(frozen=True)
class Tolerance:
    """How large an error may be, and why that much."""

    limit: float
    reason: str


TABLE: dict[tuple[str, str], Tolerance] = {
    ("exact", "any"): Tolerance(0.0, "integers, masks and weights are copied"),
    ("data", "float64"): Tolerance(0.0, "prepared once, in NumPy"),
    ("data", "float32"): Tolerance(
        1e-6, "labels made from a true weight that was itself rounded: up to 1e-7"
    ),
    ("function", "float64"): Tolerance(1e-12, "sums in another order: up to 1e-15"),
    ("function", "float32"): Tolerance(1e-5, "sums in another order: up to 1e-6"),
    ("forward", "float64"): Tolerance(1e-12, "deep networks: up to 4e-15"),
    ("forward", "float32"): Tolerance(1e-5, "deep networks: up to 1e-6"),
    ("gradients", "float64"): Tolerance(1e-11, "deep networks: up to 2e-14"),
    ("gradients", "float32"): Tolerance(5e-5, "deep networks: up to 7e-6"),
    ("update", "float64"): Tolerance(1e-11, "a gradient's error, times the step"),
    ("update", "float32"): Tolerance(5e-5, "a gradient's error, times the step"),
    ("curve", "float64"): Tolerance(1e-10, "100 steps: up to 7e-16; 2,000: 5e-13"),
    ("curve", "float32"): Tolerance(5e-5, "ten steps: up to 5e-6"),
    ("long curve", "float32"): Tolerance(1e-4, "smooth networks, 100 steps: 1e-6"),
    ("kinked curve", "float32"): Tolerance(
        1e-2, "a ReLU that rounding flips: up to 1e-2 after 100 steps"
    ),
    ("parameters", "float64"): Tolerance(1e-9, "after 100 steps: up to 5e-15"),
    ("parameters", "float32"): Tolerance(1e-3, "after 100 steps: up to 1e-4"),
    ("rounding", "float64"): Tolerance(
        1e-9, "gradients of 1e-17, which Adam divides by its eps of 1e-8: up to 1e-11"
    ),
    ("rounding", "float32"): Tolerance(
        1e-1, "Adam makes whole steps of rounding: up to 4e-3 after 20 of them"
    ),
    ("kinked parameters", "float32"): Tolerance(
        1e-1, "a ReLU that rounding flips moves single weights"
    ),
}


def judged_steps(trial: Trial, precision: str) -> int:
    """How many steps of a training are held to tolerances."""
    most = JUDGED_STEPS if precision == "float64" else trial.float32_steps
    return min(JUDGED_STEPS, most)


def tolerance(kind: str, precision: str, *, steps: int = 1, smooth: bool = True):
    """The largest error that passes for a check of this kind.

    steps: of training.
    smooth: whether the network is free of kinks.
    """
    if kind in ("curve", "parameters") and precision == "float32" and steps > 10:
        if not smooth:
            kind = f"kinked {kind}"
        elif kind == "curve":
            kind = "long curve"
    row = TABLE.get((kind, precision)) or TABLE[(kind, "any")]
    return row.limit
