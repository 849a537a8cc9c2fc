"""A multilayer perceptron with one hidden layer, from scratch and concise."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import Flatten
from ..linear_classification.classification import Classifier
from ..tensor import randn, zeros


def relu(X):
    """The positive part of X; its gradient at 0 is 0."""
    # Not tf.maximum, whose gradient at 0 would be 1.
    return tf.where(X > 0, X, tf.zeros_like(X))


class MLPScratch(Classifier):
    """A multilayer perceptron whose parameters are plain matrices."""

    def __init__(self, num_inputs, num_outputs, num_hiddens, lr, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W1 = tf.Variable(randn((num_inputs, num_hiddens)) * sigma)
        self.b1 = tf.Variable(zeros(num_hiddens))
        self.W2 = tf.Variable(randn((num_hiddens, num_outputs)) * sigma)
        self.b2 = tf.Variable(zeros(num_outputs))

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...), num_inputs values each.
        """
        X = tf.reshape(X, (-1, self.num_inputs))
        H = relu(tf.matmul(X, self.W1) + self.b1)
        return tf.matmul(H, self.W2) + self.b2


class MLP(Classifier):
    """A multilayer perceptron of the framework's own layers."""

    def __init__(self, num_outputs, num_hiddens, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                Flatten(),
                layers.Dense(num_hiddens),
                layers.ReLU(),
                layers.Dense(num_outputs),
            ]
        )
