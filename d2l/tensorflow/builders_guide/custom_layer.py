"""Layers of one's own, without and with parameters."""

import tensorflow as tf
from keras import layers


class CenteredLayer(layers.Layer):
    """Subtracts the mean of all elements."""

    def call(self, X):
        """Return the same shape.

        X: any shape.
        """
        return X - tf.reduce_mean(X)


class MyLinear(layers.Layer):
    """A dense layer with a rectifier: relu(X @ weight + bias)."""

    def __init__(self, in_units, units):
        super().__init__()
        self.weight = self.add_weight((in_units, units), "random_normal", name="weight")
        self.bias = self.add_weight((units,), "random_normal", name="bias")

    def call(self, X):
        """Return (batch, units).

        X: (batch, in_units).
        """
        return tf.nn.relu(tf.matmul(X, self.weight) + self.bias)


#: The name that the book gives to the same layer in other frameworks.
MyDense = MyLinear
