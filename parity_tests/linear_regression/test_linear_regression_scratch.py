"""Linear regression from scratch."""

import numpy as np

from d2l.parity.oracles.regression import half_mean_squared_loss
from parity_tests.distributions import require_normal
from parity_tests.function_parity import FunctionParity
from parity_tests.workers import run_task


def loss(session):
    """The method of a model."""
    return session.namespace.LinearRegressionScratch(2, lr=0.03).loss


class TestLoss(FunctionParity):
    name = "LinearRegressionScratch.loss"
    builder = loss
    wrt = ("y_hat", "y")

    def inputs(self, random):
        return {
            "y_hat": random.standard_normal((7, 1)),
            "y": random.standard_normal((7, 1)),
        }

    def oracle(self, y_hat, y):
        return half_mean_squared_loss(y_hat, y)


def test_initial_weights(any_run, pool):
    """Normal with the standard deviation `sigma`; the bias is zero."""
    result, found = run_task(
        pool,
        any_run,
        "samples",
        "initial_weights",
        arrays={"inputs": np.zeros((1, 4000))},
        seed=1,
        name="LinearRegressionScratch",
        arguments={"lr": 0.1, "sigma": 0.5},
    )
    require_normal(found["w"], 0, 0.5)
    assert found["w"].shape == (4000, 1)
    assert result["dtypes"] == [any_run[1]]
    assert found["b"].tolist() == [0]
