"""The weights that models begin with, before a test gives them others."""

from __future__ import annotations

import numpy as np

from parity_tests.distributions import require_uniform
from parity_tests.workers import run_task


def first_weights(pool, run, inputs, name, arguments, **more):
    """A model's weights as it makes them, in the precision of the run.

    inputs: a batch to build it for; name, arguments: of the model; more: of the task,
    such as an initialiser.
    """
    model = {"seed": 1, "name": name, "arguments": arguments, **more}
    arrays = {"inputs": inputs}
    told, found = run_task(pool, run, "samples", "initial_weights", arrays, **model)
    assert told["dtypes"] == [run[1]]
    return found


def require_xavier(weight, fans):
    """That a weight is uniform, with the variance 2 / (inputs + outputs)."""
    bound = np.sqrt(6 / sum(fans))
    require_uniform(weight, -bound, bound)
