"""Layers that Keras has in another form than the other frameworks."""

from __future__ import annotations

import math

import tensorflow as tf
from keras import layers


def gelu(X):
    """The Gaussian error linear unit (Hendrycks and Gimpel, 2016), exact."""
    # TensorFlow's own rounds the square root of 2 to float32.
    return X * (1 + tf.math.erf(X / math.sqrt(2))) / 2


class Flatten(layers.Flatten):
    """Flattens (batch, ...) to (batch, features).

    Images, (batch, height, width, channels), channel by channel: in the order of the
    frameworks that keep channels before pixels, so that weights fit all of them.
    """

    def call(self, X):
        """Return (batch, features).

        X: (batch, ...).
        """
        if len(X.shape) == 4:
            X = tf.transpose(X, (0, 3, 1, 2))
        return super().call(X)


class Block(layers.Layer):
    """A layer made of others, each of which is built where it is first called."""

    def build(self, input_shape):
        """Nothing to do; Keras would call the layer once more to find out."""


class PaddedConv2D(layers.Conv2D):
    """A convolution of images with `pad` zeros beyond each edge, also in groups.

    Keras's own padding, "same", is another where strides are not 1: it pads no more
    than is needed, and what is odd of that to the right and below.
    """

    def __init__(self, filters, kernel_size, strides=1, pad=0, **kwargs):
        super().__init__(filters, kernel_size, strides, padding="valid", **kwargs)
        self.pad = pad

    def call(self, X):
        """Return (batch, rows, columns, ...).

        X: (batch, height, width, channels).
        """
        return super().call(_padded(X, self.pad))

    def convolution_op(self, inputs, kernel):
        """The convolution of padded inputs, without the bias."""
        convolve = super().convolution_op
        if self.groups == 1:
            return convolve(inputs, kernel)
        # One after the other. Keras compiles groups by XLA at every call, whose code
        # is 30 to 500 times slower on a processor; TensorFlow's own operation has no
        # gradient there in float64.
        parts = (tf.split(x, self.groups, axis=-1) for x in (inputs, kernel))
        return tf.concat([convolve(*pair) for pair in zip(*parts, strict=True)], -1)

    def compute_output_shape(self, input_shape):
        """The shape of the output."""
        return super().compute_output_shape(_padded_shape(input_shape, self.pad))


class PaddedDepthwiseConv2D(layers.DepthwiseConv2D):
    """A convolution of each channel by itself, `pad` zeros beyond each edge."""

    def __init__(self, kernel_size, strides=1, pad=0, **kwargs):
        super().__init__(kernel_size, strides, padding="valid", **kwargs)
        self.pad = pad

    def call(self, X):
        """Return as many channels.

        X: (batch, height, width, channels).
        """
        return super().call(_padded(X, self.pad))

    def compute_output_shape(self, input_shape):
        """The shape of the output."""
        return super().compute_output_shape(_padded_shape(input_shape, self.pad))


class PaddedMaxPooling2D(layers.MaxPooling2D):
    """Maxima of windows, of which `pad` rows and columns lie beyond each edge."""

    def __init__(self, pool_size, strides, pad=0):
        super().__init__(pool_size, strides, padding="valid")
        self.pad = pad

    def call(self, X):
        """Return (batch, rows, columns, ...).

        X: (batch, height, width, channels).
        """
        return super().call(_padded(X, self.pad, -math.inf))

    def compute_output_shape(self, input_shape):
        """The shape of the output."""
        return super().compute_output_shape(_padded_shape(input_shape, self.pad))


class BatchNormalization(layers.BatchNormalization):
    """Batch normalisation with the settings of all frameworks.

    The running variance is an average of unbiased variances, as in PyTorch:
    n / (n - 1) times the mean square by which a batch of n values is normalised.
    """

    def __init__(self, **kwargs):
        # Keras's own are .99 and 1e-3; momentum is the share that is kept.
        super().__init__(**{"momentum": 0.9, "epsilon": 1e-5} | kwargs)

    def call(self, inputs, training=None, mask=None):
        """Return the same shape.

        inputs: (..., channels).
        """
        before = tf.identity(self.moving_variance)
        outputs = super().call(inputs, training=training, mask=mask)
        if training and self.trainable:
            after = tf.identity(self.moving_variance)
            n = tf.size(inputs) // tf.shape(inputs)[self.axis]
            # What Keras has added is the biased variance's share; it lacks 1 / (n - 1)
            # of that. A single value has no variance, and adds none.
            others = tf.cast(tf.maximum(n - 1, 1), after.dtype)
            added = after - self.momentum * before
            self.moving_variance.assign(after + added / others)
        return outputs

    def _moments(self, inputs, mask):
        """Axis by axis: plain sums of 100,000 numbers are 1e-4 off in 32 bits."""
        if mask is not None or self.axis not in (-1, len(inputs.shape) - 1):
            return super()._moments(inputs, mask)
        mean = _mean_of_channels(inputs)
        return mean, _mean_of_channels(tf.square(inputs - mean))


def _mean_of_channels(X):
    """Return (channels,).

    X: (..., channels).
    """
    while len(X.shape) > 1:
        X = tf.reduce_mean(X, axis=-2)
    return X


def _padded(X, pad, value=0.0):
    value = tf.constant(value, X.dtype)
    return tf.pad(X, [(0, 0), (pad, pad), (pad, pad), (0, 0)], constant_values=value)


def _padded_shape(shape, pad):
    batch, *sides, channels = shape
    sides = [None if side is None else side + 2 * pad for side in sides]
    return (batch, *sides, channels)
