"""Softmax regression from scratch."""

import torch
from torch import nn

from .classification import Classifier


def softmax(X):
    """Probabilities along the rows of X, (examples, classes)."""
    X_exp = torch.exp(X)
    return X_exp / X_exp.sum(1, keepdim=True)


def cross_entropy(y_hat, y):
    """The mean negative log-probability that `y_hat` gives to the labels `y`."""
    return -torch.log(y_hat[torch.arange(len(y_hat)), y]).mean()


class SoftmaxRegressionScratch(Classifier):
    """A linear classifier that returns probabilities."""

    def __init__(self, num_inputs, num_outputs, lr, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W = nn.Parameter(torch.normal(0, sigma, (num_inputs, num_outputs)))
        self.b = nn.Parameter(torch.zeros(num_outputs))

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...), num_inputs values each.
        """
        X = X.reshape((-1, self.W.shape[0]))
        return softmax(torch.matmul(X, self.W) + self.b)

    def loss(self, y_hat, y):
        """The cross-entropy of the probabilities."""
        return cross_entropy(y_hat, y)
