"""Published widths, by the number of parameters that papers and libraries state."""

from __future__ import annotations

import numpy as np

from parity_tests.workers import run_task


def count(pool, framework, name, size, channels=3, **arguments):
    """The parameters of a model for images of `size` x `size` pixels.

    The networks are large and their parameters the same in either precision:
    float32 alone.
    """
    result, _ = run_task(
        pool,
        (framework, "float32"),
        "counts",
        "parameters",
        arrays={"inputs": np.zeros((2, channels, size, size))},
        name=name,
        arguments=arguments,
    )
    return result["parameters"]
