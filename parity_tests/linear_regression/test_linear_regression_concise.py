"""Linear regression with the framework's own layer."""

import numpy as np

from d2l.parity.oracles.regression import mean_squared_loss
from parity_tests.distributions import require_normal
from parity_tests.function_parity import FunctionParity
from parity_tests.workers import run_task


def loss(session):
    """The method of a model."""
    return session.namespace.LinearRegression(lr=0.03).loss


class TestLoss(FunctionParity):
    name = "LinearRegression.loss"
    builder = loss
    wrt = ("y_hat", "y")

    def inputs(self, random):
        return {
            "y_hat": random.standard_normal((7, 1)),
            "y": random.standard_normal((7, 1)),
        }

    def oracle(self, y_hat, y):
        return mean_squared_loss(y_hat, y)


def test_initial_weights(any_run, pool):
    """Normal with a standard deviation of 0.01; the bias is zero."""
    result, found = run_task(
        pool,
        any_run,
        "samples",
        "initial_weights",
        arrays={"inputs": np.zeros((1, 4000))},
        seed=1,
        name="LinearRegression",
        arguments={"lr": 0.1},
    )
    require_normal(found["net.weight"], 0, 0.01)
    assert found["net.weight"].shape == (1, 4000)
    assert result["dtypes"] == [any_run[1]]
    assert found["net.bias"].tolist() == [0]
