"""Dropout (Srivastava et al., 2014), from scratch and concise."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import Flatten
from ..linear_classification.classification import Classifier
from ..randomness import uniform


def dropout_layer(X, dropout):
    """Set each element to 0 with probability `dropout`; scale the others up."""
    if not 0 <= dropout <= 1:
        raise ValueError(f"dropout must be a probability, not {dropout}")
    if dropout == 1:
        return tf.zeros_like(X)
    mask = tf.cast(uniform(tf.shape(X)) > dropout, X.dtype)
    return mask * X / (1.0 - dropout)


class DropoutMLPScratch(Classifier):
    """A multilayer perceptron with dropout after each of its two hidden layers."""

    def __init__(
        self, num_outputs, num_hiddens_1, num_hiddens_2, dropout_1, dropout_2, lr
    ):
        super().__init__()
        self.save_hyperparameters()
        self.lin1 = layers.Dense(num_hiddens_1)
        self.lin2 = layers.Dense(num_hiddens_2)
        self.lin3 = layers.Dense(num_outputs)
        self.relu = layers.ReLU()

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...).
        """
        H1 = self.relu(self.lin1(tf.reshape(X, (X.shape[0], -1))))
        if self.training:  # dropout is for training only
            H1 = dropout_layer(H1, self.dropout_1)
        H2 = self.relu(self.lin2(H1))
        if self.training:
            H2 = dropout_layer(H2, self.dropout_2)
        return self.lin3(H2)


class DropoutMLP(Classifier):
    """The same network of the framework's own layers."""

    def __init__(
        self, num_outputs, num_hiddens_1, num_hiddens_2, dropout_1, dropout_2, lr
    ):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                Flatten(),
                layers.Dense(num_hiddens_1),
                layers.ReLU(),
                layers.Dropout(dropout_1),
                layers.Dense(num_hiddens_2),
                layers.ReLU(),
                layers.Dropout(dropout_2),
                layers.Dense(num_outputs),
            ]
        )
