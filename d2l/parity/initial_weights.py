"""Weights that every framework starts from: one rule in NumPy, no framework's seed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np


def initial_weights(
    shapes: Mapping[str, tuple[int, ...]], seed: int
) -> dict[str, np.ndarray]:
    """Random float64 weights for tensors of the given canonical names and shapes.

    Neither ones nor zeros, which would hide swapped axes and dropped biases. A
    tensor's values depend on its name and the seed alone.
    """
    return {name: _fill(name, shape, seed) for name, shape in shapes.items()}


def _fill(name: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    key = np.array([seed, zlib.crc32(name.encode())], dtype=np.uint64)
    random = np.random.Generator(np.random.Philox(key=key))
    values = random.standard_normal(shape)
    if name.endswith(("running_var", "moving_var")):
        return 1 + 0.1 * np.abs(values)
    if len(shape) == 1 and name.endswith(("weight", "gamma")):
        # The factors of a normalisation, which would silence the layer if small.
        return 1 + 0.1 * values
    if len(shape) < 2:
        return 0.05 * values
    window = int(np.prod(shape[2:]))
    # Xavier's variance: signals and gradients keep their size.
    return values * np.sqrt(2 / ((shape[0] + shape[1]) * window))
