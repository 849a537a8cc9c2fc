"""Dropout, from scratch and concise."""

import numpy as np
import pytest

from d2l.parity.oracles import layers
from parity_tests.distributions import require_share
from parity_tests.function_parity import FunctionParity
from parity_tests.workers import run_task


class TestDropoutLayer(FunctionParity):
    """With the masks that all frameworks share."""

    name = "dropout_layer"
    settings = {"dropout": 0.3}
    wrt = ("X",)
    masks = True

    def inputs(self, random):
        return {"X": random.standard_normal((8, 9))}

    def oracle(self, X, dropout, uniform):
        return layers.dropout(X, dropout, uniform)


class TestNoDropoutLayer(TestDropoutLayer):
    settings = {"dropout": 0.0}


class TestFullDropoutLayer(TestDropoutLayer):
    settings = {"dropout": 1.0}
    wrt = ()  # zeros, which depend on nothing


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_own_masks(any_run, pool, rate):
    """Without the shared stream: elements are kept at the right rate, and scaled."""
    X = np.random.default_rng(0).uniform(1, 2, (100, 100))
    task = {"arrays": {"X": X}, "seed": 1, "rate": rate}
    _, found = run_task(pool, any_run, "samples", "dropout_layer", **task)
    kept = found["output"] != 0
    require_share(kept, 1 - rate)
    np.testing.assert_allclose(found["output"][kept], X[kept] / (1 - rate), rtol=1e-6)


@pytest.mark.parametrize("trial", ["dropout_mlp_scratch", "dropout_mlp"])
def test_modes(any_run, pool, trial):
    """Each training pass has masks of its own; evaluation has none."""
    task = {"seed": 1, "trial": trial}
    _, found = run_task(pool, any_run, "samples", "dropout_model", **task)
    assert not np.array_equal(found["training.first"], found["training.second"])
    assert np.array_equal(found["evaluation.first"], found["evaluation.second"])
    assert not np.array_equal(found["training.first"], found["evaluation.first"])
