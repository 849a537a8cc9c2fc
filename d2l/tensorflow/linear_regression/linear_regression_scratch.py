"""Linear regression and stochastic gradient descent, from scratch."""

import tensorflow as tf

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
        self.w = tf.Variable(normal(0, sigma, (num_inputs, 1)))
        self.b = tf.Variable(zeros(1))

    def forward(self, X):
        """Return (batch, 1).

        X: (batch, num_inputs).
        """
        return tf.matmul(X, self.w) + self.b

    def loss(self, y_hat, y):
        """Half the squared error, averaged over the batch."""
        return tf.reduce_mean((y_hat - y) ** 2 / 2)

    def configure_optimizers(self):
        """The optimizer below."""
        return SGD(self.lr)


class SGD(HyperParameters):
    """Minibatch stochastic gradient descent: p <- p - lr * gradient."""

    def __init__(self, lr):
        self.save_hyperparameters()

    def apply_gradients(self, grads_and_vars):
        """Move every parameter against its gradient."""
        for grad, param in grads_and_vars:
            param.assign_sub(self.lr * grad)
