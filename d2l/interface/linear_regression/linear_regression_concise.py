"""Declarations: linear regression concise."""


class LinearRegression:
    """Linear regression with the framework's own parts."""

    def __init__(self, lr):
        """The learning rate."""

    def forward(self, X):
        """(batch, features) to (batch, 1)."""

    def loss(self, y_hat, y):
        """The mean squared error."""

    def configure_optimizers(self):
        """Stochastic gradient descent."""

    def get_w_b(self):
        """Weights and bias."""
