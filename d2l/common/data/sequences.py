"""Series of numbers to predict, and checks of what recurrent layers return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from d2l.common.arrays import to_numpy
from d2l.common.errors import InputError


def check_len(a: Any, n: int) -> None:
    """Raise an AssertionError unless `a` has length `n`."""
    if len(a) != n:
        raise AssertionError(f"the length is {len(a)}, not {n}")


def check_shape(a: Any, shape: Sequence[int]) -> None:
    """Raise an AssertionError unless the tensor `a` has the given shape."""
    if tuple(a.shape) != tuple(shape):
        raise AssertionError(f"the shape is {tuple(a.shape)}, not {tuple(shape)}")


def spectral_radius(W: Any) -> float:
    """The largest absolute value of a square matrix's eigenvalues.

    The powers of the matrix, and with them gradients through many steps, vanish
    where it is below 1 and explode where it is above.

    W: (n, n), an array of any framework.
    """
    # NumPy for all: MXNet refuses complex eigenvalues, JAX has none on GPUs.
    return float(np.abs(np.linalg.eigvals(to_numpy(W))).max())


def noisy_sine(length: int, noise: float, seed: int) -> np.ndarray:
    """The series sin(0.01 t) + noise for t = 1, 2, ..., float64, shape (length,).

    noise: its standard deviation.
    seed: a whole number from 0.
    """
    generator = np.random.Generator(np.random.Philox(key=seed))
    time = np.arange(1, length + 1)
    return np.sin(0.01 * time) + noise * generator.standard_normal(length)


def autoregressive(series: np.ndarray, tau: int) -> tuple[np.ndarray, np.ndarray]:
    """Each value of a series from the `tau` values before it.

    series: shape (n,).

    returns: features of shape (n - tau, tau), oldest first, and labels of shape
        (n - tau, 1).

    raises InputError where the series is too short.
    """
    if not 1 <= tau < len(series):
        raise InputError(f"{len(series)} values cannot be told from {tau} before each.")
    features = np.lib.stride_tricks.sliding_window_view(series[:-1], tau)
    return features.copy(), series[tau:].reshape(-1, 1)
