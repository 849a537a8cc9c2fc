"""Linear regression with the framework's own layer."""

from d2l.parity.oracles.regression import mean_squared_loss
from parity_tests.regression_parity import LossParity, require_first_weights


def loss(session):
    """The method of a model."""
    return session.namespace.LinearRegression(lr=0.03).loss


class TestLoss(LossParity):
    name = "LinearRegression.loss"
    builder = loss

    def oracle(self, y_hat, y):
        return mean_squared_loss(y_hat, y)


def test_initial_weights(any_run, pool):
    """Normal with a standard deviation of 0.01; the bias is zero."""
    model = "LinearRegression", {"lr": 0.1}
    names = "net.weight", "net.bias"
    require_first_weights(pool, any_run, model, names, (1, 4000), 0.01)
