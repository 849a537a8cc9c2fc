"""Data made from a known model, the same in every framework."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from d2l.common.errors import InputError


def linear_data(
    w: npt.ArrayLike, b: float, noise: float, num_examples: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Examples of a linear model with noise: y = Xw + b + noise.

    w: the weights, shape (d,) or (d, 1).
    b: the bias.
    noise: the standard deviation of the normal noise.
    num_examples: how many examples to make, n.
    seed: decides the inputs and the noise; a whole number from 0.

    returns: X of shape (n, d), standard normal, and y of shape (n, 1), both
        float64.

    raises InputError where there are no weights, or a number is negative.
    """
    weights = np.asarray(w, dtype=np.float64).reshape(-1, 1)
    if len(weights) == 0 or num_examples < 0 or seed < 0 or noise < 0:
        raise InputError(
            "Linear data needs one weight or more, and neither num_examples, "
            f"seed nor noise below 0, not {num_examples}, {seed}, {noise}."
        )
    generator = np.random.Generator(np.random.Philox(key=seed))
    X = generator.standard_normal((num_examples, len(weights)))
    errors = noise * generator.standard_normal((num_examples, 1))
    return X, X @ weights + float(b) + errors
