"""Convolutions with several input and output channels."""

import tensorflow as tf

from .conv_layer import corr2d


def corr2d_multi_in(X, K):
    """Return (rows, columns).

    X: (channels, height, width), K: (channels, h, w).
    """
    pairs = zip(tf.unstack(X), tf.unstack(K), strict=True)
    return tf.add_n([corr2d(x, k) for x, k in pairs])


def corr2d_multi_in_out(X, K):
    """Return (outputs, rows, columns).

    K: (outputs, channels, h, w).
    """
    return tf.stack([corr2d_multi_in(X, k) for k in tf.unstack(K)], 0)


def corr2d_multi_in_out_1x1(X, K):
    """The same for kernels of one pixel, K: (outputs, channels, 1, 1)."""
    c_i, h, w = X.shape
    c_o = K.shape[0]
    Y = tf.matmul(tf.reshape(K, (c_o, c_i)), tf.reshape(X, (c_i, h * w)))
    return tf.reshape(Y, (c_o, h, w))
