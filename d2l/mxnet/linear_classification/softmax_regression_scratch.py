"""Softmax regression from scratch."""

from mxnet import np, npx

from ..tensor import normal, zeros
from .classification import Classifier


def softmax(X):
    """Probabilities along the rows of X, (examples, classes)."""
    X_exp = np.exp(X)
    return X_exp / X_exp.sum(1, keepdims=True)


def cross_entropy(y_hat, y):
    """The mean negative log-probability that `y_hat` gives to the labels `y`."""
    return -np.log(npx.pick(y_hat, y)).mean()


class SoftmaxRegressionScratch(Classifier):
    """A linear classifier that returns probabilities."""

    def __init__(self, num_inputs, num_outputs, lr, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W = normal(0, sigma, (num_inputs, num_outputs))
        self.b = zeros(num_outputs)
        self.W.attach_grad()
        self.b.attach_grad()

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...), num_inputs values each.
        """
        X = X.reshape((-1, self.W.shape[0]))
        return softmax(np.dot(X, self.W) + self.b)

    def loss(self, y_hat, y):
        """The cross-entropy of the probabilities."""
        return cross_entropy(y_hat, y)
