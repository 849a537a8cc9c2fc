"""Softmax regression from scratch."""

import tensorflow as tf

from ..tensor import normal, zeros
from .classification import Classifier


def softmax(X):
    """Probabilities along the rows of X, (examples, classes)."""
    X_exp = tf.exp(X)
    return X_exp / tf.reduce_sum(X_exp, 1, keepdims=True)


def cross_entropy(y_hat, y):
    """The mean negative log-probability that `y_hat` gives to the labels `y`."""
    return -tf.reduce_mean(tf.math.log(tf.gather(y_hat, y, batch_dims=1)))


class SoftmaxRegressionScratch(Classifier):
    """A linear classifier that returns probabilities."""

    def __init__(self, num_inputs, num_outputs, lr, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W = tf.Variable(normal(0, sigma, (num_inputs, num_outputs)))
        self.b = tf.Variable(zeros(num_outputs))

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...), num_inputs values each.
        """
        X = tf.reshape(X, (-1, self.W.shape[0]))
        return softmax(tf.matmul(X, self.W) + self.b)

    def loss(self, y_hat, y):
        """The cross-entropy of the probabilities."""
        return cross_entropy(y_hat, y)
