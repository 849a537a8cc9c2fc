"""Softmax regression with the framework's own layers."""

import keras
from keras import layers

from ..layers import Flatten
from .classification import Classifier


class SoftmaxRegression(Classifier):
    """A linear classifier that returns logits."""

    def __init__(self, num_outputs, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential([Flatten(), layers.Dense(num_outputs)])

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...).
        """
        return self.net(X)
