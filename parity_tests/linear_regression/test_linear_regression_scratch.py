"""Linear regression from scratch."""

from d2l.parity.oracles.regression import half_mean_squared_loss
from parity_tests.regression_parity import LossParity, require_first_weights


def loss(session):
    """The method of a model."""
    return session.namespace.LinearRegressionScratch(2, lr=0.03).loss


class TestLoss(LossParity):
    name = "LinearRegressionScratch.loss"
    builder = loss

    def oracle(self, y_hat, y):
        return half_mean_squared_loss(y_hat, y)


def test_initial_weights(any_run, pool):
    """Normal with the standard deviation `sigma`; the bias is zero."""
    model = "LinearRegressionScratch", {"lr": 0.1, "sigma": 0.5}
    names = "w", "b"
    require_first_weights(pool, any_run, model, names, (4000, 1), 0.5)
