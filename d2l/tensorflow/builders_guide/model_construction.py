"""Ways to put layers together."""

import keras
import tensorflow as tf
from keras import layers

from ..tensor import rand


class MLP(keras.Model):
    """A hidden layer of 256 units and an output layer of 10."""

    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(256)
        self.out = layers.Dense(10)

    def call(self, X):
        """Return (batch, 10).

        X: (batch, features).
        """
        return self.out(tf.nn.relu(self.hidden(X)))


class MySequential(keras.Model):
    """Layers applied one after the other."""

    def __init__(self, *args):
        super().__init__()
        for index, layer in enumerate(args):
            setattr(self, str(index), layer)

    def call(self, X):
        """The output of the last layer."""
        for layer in self.layers:
            X = layer(X)
        return X


class FixedHiddenMLP(keras.Model):
    """A network with constant weights and control flow.

    `rand_weight`: (20, 20).
    """

    def __init__(self):
        super().__init__()
        # Carried with the model, never trained.
        self.rand_weight = tf.Variable(rand((20, 20)), trainable=False)
        self.linear = layers.Dense(20)

    def call(self, X):
        """Return a scalar.

        X: (batch, features).
        """
        X = self.linear(X)
        X = tf.nn.relu(tf.matmul(X, self.rand_weight) + 1)
        X = self.linear(X)  # shares its parameters with the first use

        def is_large(X):
            return tf.reduce_sum(tf.abs(X)) > 1

        # A loop of TensorFlow's, which can be compiled, unlike Python's.
        (X,) = tf.while_loop(is_large, lambda X: (X / 2,), (X,))
        return tf.reduce_sum(X)


class NestMLP(keras.Model):
    """A sequence within a model."""

    def __init__(self):
        super().__init__()
        self.net = keras.Sequential(
            [layers.Dense(64), layers.ReLU(), layers.Dense(32), layers.ReLU()]
        )
        self.linear = layers.Dense(16)

    def call(self, X):
        """Return (batch, 16).

        X: (batch, features).
        """
        return self.linear(self.net(X))
