"""Data of a known linear model."""

import numpy as np

from d2l.common.data.synthetic import linear_data
from d2l.parity.checks import rounded_to
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.distributions import require_normal
from parity_tests.workers import run_task

W, B, NOISE = [2.0, -3.4], 4.2, 0.5


def examples(pool, run):
    """All inputs and labels of the data module."""
    arguments = {"w": W, "b": B, "noise": NOISE, "num_train": 1500, "num_val": 500}
    task = {"name": "SyntheticRegressionData", "arguments": arguments, "tensors": ["w"]}
    return run_task(pool, run, "samples", "data", **task)[1]


def test_same_as_in_numpy(any_run, pool):
    """The same examples in all frameworks."""
    X, y = linear_data(W, B, NOISE, 2000, seed=0)
    found = examples(pool, any_run).items()
    actual = {name: rounded_to(any_run[1], array) for name, array in found}
    require_as_in_numpy(any_run, "examples", actual, {"X": X, "y": y}, "data")


def test_distribution(any_run, pool):
    """Inputs are standard normal, the noise has the size that was asked for."""
    found = examples(pool, any_run)
    noise = found["y"] - found["X"] @ np.array(W).reshape(-1, 1) - B
    require_normal(found["X"], 0, 1)
    require_normal(noise, 0, NOISE)
    assert noise.shape == (2000, 1)
