"""Parameters whose gradient is zero but for rounding.

A convolution's bias before batch normalisation, an attention's key bias: their
true gradient is zero, what is computed is noise. Beside its own size a noise is
always wrong by all of it, so it is held against the size of its siblings. Adam
makes steps of it that are as long as any other's, which move what no output
depends on.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np

from d2l.common.weights import Arrays
from d2l.parity.measure import Measurement, measure_all
from d2l.parity.tolerances import tolerance
from d2l.trials import Trial


def is_rounding(trial: Trial, tensor: str) -> bool:
    """Whether a tensor, such as `exp_avg.net.0.bias`, belongs to such a parameter."""
    return any(fnmatchcase(f".{tensor}", f"*.{p}") for p in trial.zero_gradients)


def rounding_scales(trial: Trial, tensors: Arrays) -> dict[str, float]:
    """For each such gradient or state: the size of the largest of its kind."""
    sizes: dict[str, float] = {}
    for name, array in tensors.items():
        if array.size:
            size = float(np.abs(array).max())
            sizes[_kind(name)] = max(size, sizes.get(_kind(name), 0.0))
    return {t: sizes[_kind(t)] for t in tensors if is_rounding(trial, t)}


def _kind(tensor: str) -> str:
    return tensor.partition(".")[0]


def measure_trained(
    names: tuple[str, str, str],
    trial: Trial,
    actual: Arrays,
    expected: Arrays,
    limit: float,
    precision: str,
) -> list[Measurement]:
    """Compare what training has led to.

    names: framework, reference, kind.
    """
    if names[2].endswith("optimizer"):
        return measure_all(
            names, actual, expected, limit, rounding_scales(trial, expected)
        )
    if not names[2].startswith(("parameters with adam", "update by adam")):
        return measure_all(names, actual, expected, limit)
    own = tolerance("rounding", precision)
    noise = {t for t in {**actual, **expected} if is_rounding(trial, t)}
    return [
        m
        for chosen, most in ((False, limit), (True, own))
        for m in measure_all(
            names,
            {k: v for k, v in actual.items() if (k in noise) == chosen},
            {k: v for k, v in expected.items() if (k in noise) == chosen},
            most,
            dict.fromkeys(noise, 1.0),
        )
    ]
