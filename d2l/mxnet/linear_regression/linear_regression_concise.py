"""Linear regression with the framework's own layer, loss and optimizer."""

from mxnet import gluon, init
from mxnet.gluon import nn

from ..losses import mean_squared_error
from ..optimizers import SGD
from .oo_design import Module


class LinearRegression(Module):
    """A linear model with squared loss (without the half of the scratch version)."""

    def __init__(self, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Dense(1, flatten=False)
        self.net.initialize(init.Normal(sigma=0.01))

    def forward(self, X):
        """Return (batch, 1).

        X: (batch, features).
        """
        return self.net(X)

    def loss(self, y_hat, y):
        """The squared error, averaged over the batch."""
        return mean_squared_error(y_hat, y)

    def configure_optimizers(self):
        """Stochastic gradient descent."""
        return gluon.Trainer(self.collect_params(), SGD(self.lr))

    def get_w_b(self):
        """The learned weights, (1, features), and bias, (1,)."""
        return self.net.weight.data(), self.net.bias.data()
