"""Declarations: linear regression scratch."""


class LinearRegressionScratch:
    """Linear regression from scratch."""

    def __init__(self, num_inputs, lr, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, X):
        """(batch, num_inputs) to (batch, 1)."""

    def loss(self, y_hat, y):
        """Half the mean squared error."""

    def configure_optimizers(self):
        """The SGD below."""


class SGD:
    """Stochastic gradient descent from scratch."""

    def __init__(self, params, lr):
        """The parameters to train."""
