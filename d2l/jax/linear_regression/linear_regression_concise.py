"""Linear regression with the framework's own layer, loss and optimizer."""

import optax
from flax import nnx

from ..layers import layer_settings
from .oo_design import Module


class LinearRegression(Module):
    """A linear model with squared loss (without the half of the scratch version).

    Both `LinearRegression(2, lr=0.03)` and `LinearRegression(lr=0.03)` work: layers
    of Flax must know the number of their inputs, 2 in the book's first data set.
    In the other frameworks `lr` is the only parameter.
    """

    def __init__(self, num_inputs=2, lr=0.03, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        settings = layer_settings(rngs) | {"kernel_init": nnx.initializers.normal(0.01)}
        self.net = nnx.Linear(num_inputs, 1, **settings)

    def forward(self, X):
        """Return (batch, 1).

        X: (batch, num_inputs).
        """
        return self.net(X)

    def loss(self, y_hat, y):
        """The squared error, averaged over the batch."""
        # Optax's l2_loss would be half of it.
        return optax.squared_error(y_hat, y).mean()

    def configure_optimizers(self):
        """Stochastic gradient descent."""
        return optax.sgd(self.lr)

    def get_w_b(self):
        """The learned weights, (num_inputs, 1), and bias, (1,)."""
        return self.net.kernel[...], self.net.bias[...]
