"""Batch normalisation (Ioffe and Szegedy, 2015), from scratch and concise."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import BatchNormalization, Flatten
from ..linear_classification.classification import Classifier
from ..tensor import ones, zeros


def batch_norm(
    X, gamma, beta, moving_mean, moving_var, eps, momentum, *, training=True
):
    """Normalise each feature by mean and variance, then scale by gamma, shift by beta.

    X: (batch, features) or (batch, height, width, channels).
    gamma, beta, moving_mean, moving_var: one number for each feature or channel, in any
        shape.
    momentum: the weight of this batch in the moving statistics.
    training: normalise by the batch's statistics, else by the moving ones.

    returns: the normalised X, and the new moving mean and variance.
    """
    axes = list(range(len(X.shape) - 1))
    if training:
        mean = tf.reduce_mean(X, axes)
        # The mean square, where the concise layer keeps n / (n - 1) times that.
        var = tf.reduce_mean((X - mean) ** 2, axes)
        kept = moving_mean.shape
        moving_mean = (1 - momentum) * moving_mean + momentum * tf.reshape(mean, kept)
        moving_var = (1 - momentum) * moving_var + momentum * tf.reshape(var, kept)
    else:
        mean, var = tf.reshape(moving_mean, [-1]), tf.reshape(moving_var, [-1])
    X_hat = (X - mean) / tf.sqrt(var + eps)
    Y = tf.reshape(gamma, [-1]) * X_hat + tf.reshape(beta, [-1])
    return Y, tf.stop_gradient(moving_mean), tf.stop_gradient(moving_var)


class BatchNorm(layers.Layer):
    """A layer that normalises each feature.

    num_features: of the inputs, or their channels.
    num_dims: 2 for inputs (batch, features), 4 for (batch, height, width, channels).
    """

    features_last = True

    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.gamma = tf.Variable(ones(num_features))
        self.beta = tf.Variable(zeros(num_features))
        self.moving_mean = tf.Variable(zeros(num_features), trainable=False)
        self.moving_var = tf.Variable(ones(num_features), trainable=False)

    def call(self, X, training=False):
        """Return the same shape, and update the statistics.

        X: of `num_dims` axes.
        """
        if len(X.shape) != self.num_dims:
            raise ValueError(f"expected {self.num_dims} axes, not {len(X.shape)}")
        Y, moving_mean, moving_var = batch_norm(
            X,
            self.gamma,
            self.beta,
            self.moving_mean,
            self.moving_var,
            eps=1e-5,
            momentum=0.1,
            training=training,
        )
        self.moving_mean.assign(moving_mean)
        self.moving_var.assign(moving_var)
        return Y


class BNLeNetScratch(Classifier):
    """LeNet with a batch normalisation of our own before each activation."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                layers.Conv2D(6, kernel_size=5),  # (batch, 24, 24, 6)
                BatchNorm(6, num_dims=4),
                layers.Activation("sigmoid"),
                layers.AveragePooling2D(pool_size=2, strides=2),  # (batch, 12, 12, 6)
                layers.Conv2D(16, kernel_size=5),  # (batch, 8, 8, 16)
                BatchNorm(16, num_dims=4),
                layers.Activation("sigmoid"),
                layers.AveragePooling2D(pool_size=2, strides=2),  # (batch, 4, 4, 16)
                Flatten(),
                layers.Dense(120),
                BatchNorm(120, num_dims=2),
                layers.Activation("sigmoid"),
                layers.Dense(84),
                BatchNorm(84, num_dims=2),
                layers.Activation("sigmoid"),
                layers.Dense(num_classes),
            ]
        )


class BNLeNet(Classifier):
    """The same network of the framework's own layers."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                layers.Conv2D(6, kernel_size=5),  # (batch, 24, 24, 6)
                BatchNormalization(),
                layers.Activation("sigmoid"),
                layers.AveragePooling2D(pool_size=2, strides=2),  # (batch, 12, 12, 6)
                layers.Conv2D(16, kernel_size=5),  # (batch, 8, 8, 16)
                BatchNormalization(),
                layers.Activation("sigmoid"),
                layers.AveragePooling2D(pool_size=2, strides=2),  # (batch, 4, 4, 16)
                Flatten(),
                layers.Dense(120),
                BatchNormalization(),
                layers.Activation("sigmoid"),
                layers.Dense(84),
                BatchNormalization(),
                layers.Activation("sigmoid"),
                layers.Dense(num_classes),
            ]
        )
