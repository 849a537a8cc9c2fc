"""Linear regression and stochastic gradient descent, from scratch."""

from mxnet import np

from ..tensor import normal, zeros
from .oo_design import HyperParameters, Module


class LinearRegressionScratch(Module):
    """A linear model Xw + b with squared loss.

    num_inputs: the number of features.
    lr: the learning rate.
    sigma: the standard deviation of the initial weights.
    """

    def __init__(self, num_inputs, lr, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.w = normal(0, sigma, (num_inputs, 1))
        self.b = zeros(1)
        self.w.attach_grad()
        self.b.attach_grad()

    def forward(self, X):
        """Return (batch, 1).

        X: (batch, num_inputs).
        """
        return np.dot(X, self.w) + self.b

    def loss(self, y_hat, y):
        """Half the squared error, averaged over the batch."""
        return ((y_hat - y) ** 2 / 2).mean()

    def configure_optimizers(self):
        """The optimizer below."""
        return SGD([self.w, self.b], self.lr)


class SGD(HyperParameters):
    """Minibatch stochastic gradient descent: p <- p - lr * gradient."""

    def __init__(self, params, lr):
        self.save_hyperparameters()

    def step(self, _=None):
        """Move every parameter against its gradient.

        Gluon's trainers are told the batch size here; the loss is a mean already.
        """
        for param in self.params:
            param -= self.lr * param.grad
