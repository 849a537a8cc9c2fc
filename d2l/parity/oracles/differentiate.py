"""Gradients of the oracles, by complex steps.

For an analytic function f(x + ih) = f(x) + ih f'(x) + O(h^2), so the imaginary
part holds the derivative. Nothing is subtracted: with h = 1e-30 the result is
exact to rounding, where central differences would lose half of the digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

STEP = 1e-30

Scalar = Callable[..., Any]


def weighted_sum(output: np.ndarray) -> Any:
    """The sum that `Backend.call` differentiates, weighted by 1, 2, 3 ..."""
    output = np.asarray(output)
    return (output.reshape(-1) * np.arange(1, output.size + 1)).sum()


def sum_of_squares(output: np.ndarray) -> Any:
    """The sum that the task `block` differentiates."""
    return (np.asarray(output) ** 2).sum()


def gradient(
    function: Scalar, arguments: Sequence[np.ndarray], position: int
) -> np.ndarray:
    """The gradient of a scalar function by the argument at `position`."""
    x = np.asarray(arguments[position], np.float64)
    found = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        direction = np.zeros(x.shape)
        direction[index] = 1.0
        found[index] = derivative(function, arguments, position, direction)
    return found


def derivative(
    function: Scalar,
    arguments: Sequence[np.ndarray],
    position: int,
    direction: np.ndarray,
) -> float:
    """How fast a scalar function grows when one argument moves in a direction.

    This is the inner product of the gradient with `direction`: one evaluation,
    where a whole gradient takes one for every element.
    """
    moved = [np.asarray(a) for a in arguments]
    moved[position] = moved[position] + 1j * STEP * direction
    return float(np.imag(function(*moved)) / STEP)
