"""Cross-correlation in two dimensions and a layer made of it."""

import tensorflow as tf
from keras import layers

from ..tensor import rand, zeros


def corr2d(X, K):
    """The cross-correlation of X, (height, width), with the kernel K."""
    h, w = K.shape
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    # One product for each element of the kernel, with a shifted view of X.
    return tf.add_n(
        [K[i, j] * X[i : i + rows, j : j + columns] for i in range(h) for j in range(w)]
    )


class Conv2D(layers.Layer):
    """A convolution of one channel: cross-correlation plus a bias."""

    def __init__(self, kernel_size):
        super().__init__()
        self.weight = tf.Variable(rand(kernel_size))
        self.bias = tf.Variable(zeros(1))

    def call(self, X):
        """Return (height - h + 1, width - w + 1).

        X: (height, width).
        """
        return corr2d(X, self.weight) + self.bias
