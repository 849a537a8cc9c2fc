"""Breakages of the TensorFlow tree."""

import numpy as np
import tensorflow as tf
from keras import layers

from d2l.common.python_files import load_file
from d2l.tensorflow import optimizers, randomness
from d2l.tensorflow.attention_and_transformers import gpt
from d2l.tensorflow.convolutional_neural_networks import pooling
from d2l.tensorflow.layers import BatchNormalization, Flatten
from d2l.tensorflow.linear_classification.classification import Classifier
from d2l.tensorflow.recurrent import GRU
from parity_tests.meta.sabotage import replace
from parity_tests.own_trials.trials import MODELS


def bias_missing():
    """Dense layers have no bias at all."""
    init = layers.Dense.__init__

    def without_bias(self, *args, **kwargs):
        init(self, *args, **kwargs | {"use_bias": False})

    replace(layers.Dense, "__init__", without_bias)


def flattened_pixel_by_pixel():
    """The dense layer's inputs are in the order in which a map lies here."""
    replace(Flatten, "call", layers.Flatten.call)


def eps_before_correction():
    """Adam adds eps to the root before it is corrected, as Keras does."""
    _replace_adam(lambda square, correction, eps: (square**0.5 + eps) / correction**0.5)


def second_moment_not_corrected():
    """Adam corrects the mean of the gradients alone."""
    _replace_adam(lambda square, correction, eps: square**0.5 + eps)


def _replace_adam(root):
    def update_step(self, gradient, variable, learning_rate):
        mean, square = self.state_of(variable).values()
        betas = self.beta_1, self.beta_2
        mean.assign(betas[0] * mean + (1 - betas[0]) * gradient)
        square.assign(betas[1] * square + (1 - betas[1]) * gradient**2)
        step = tf.cast(self.iterations, variable.dtype) + 1
        corrections = [1 - tf.constant(b, variable.dtype) ** step for b in betas]
        rate = tf.cast(learning_rate, variable.dtype) / corrections[0]
        variable.assign_sub(rate * mean / root(square, corrections[1], self.eps))

    replace(optimizers.Adam, "update_step", update_step)


def learning_rate_rounded():
    """The learning rate is a float32, of which 8 digits are right."""
    sgd = optimizers.sgd

    def rounded(model, lr, **settings):
        return sgd(model, float(np.float32(lr)), **settings)

    replace(optimizers, "sgd", rounded)


def tanh_for_sigmoid():
    """An activation of the same look."""
    replace(layers.Activation, "call", lambda self, X: tf.tanh(X))


def dropout_off():
    """Dropout does nothing, in training either."""

    def identity(self, inputs, training=False):
        return inputs

    replace(randomness, "_shared_dropout", identity)


def float32_within():
    """A layer computes in float32; its output is float64 again."""
    call = layers.Dense.call

    def rounded(self, inputs, *args, **kwargs):
        output = call(self, inputs, *args, **kwargs)
        return tf.cast(tf.cast(output, tf.float32), output.dtype)

    replace(layers.Dense, "call", rounded)


def accuracy_off_by_one():
    """Of every batch one example too many counts as right."""
    accuracy = Classifier.accuracy

    def generous(self, Y_hat, Y, averaged=True):
        return accuracy(self, Y_hat, Y) + 1 / Y.shape[0]

    replace(Classifier, "accuracy", generous)


def gradient_stopped():
    """A bias is used, but not learned."""

    def call(self, inputs, training=None):
        output = tf.matmul(inputs, self.kernel) + tf.stop_gradient(self.bias.value)
        return self.activation(output)

    replace(layers.Dense, "call", call)


def average_of_too_few():
    """Average pooling divides by one less than there are."""
    pool2d = pooling.pool2d

    def biased(X, pool_size, mode="max"):
        n = pool_size[0] * pool_size[1]
        factor = n / (n - 1) if mode == "avg" else 1.0
        return pool2d(X, pool_size, mode) * factor

    replace(pooling, "pool2d", biased)


def reset_misplaced():
    """The reset gate of a GRU damps its input, too."""

    def step(self, X, H, state):
        x_r, x_z, x_n = tf.split(X, 3, axis=1)
        h_r, h_z, h_n = tf.split(H, 3, axis=1)
        z = tf.sigmoid(x_z + h_z)
        n = tf.tanh(tf.sigmoid(x_r + h_r) * (x_n + h_n))
        return ((1 - z) * n + z * state[0],)

    replace(GRU, "step", step)


def running_variance_biased():
    """The running variance is the mean square, as Keras keeps it."""
    replace(BatchNormalization, "call", layers.BatchNormalization.call)


def cached_positions_off_by_one():
    """A step that follows cached ones is turned as if it came one earlier."""

    def rope(X, offset=0, *, max_len=None):
        return turned(X, offset if max_len is None else offset - 1, max_len=max_len)

    turned = replace(gpt, "rope", rope)


def second_loss_forgotten():
    """A model learns by the first of its two losses alone."""
    model = load_file(MODELS.format(framework="tensorflow")).TwoLosses
    losses = model.losses

    def first(self, batch):
        classes, restored = losses(self, batch)
        return classes, 0 * restored

    replace(model, "losses", first)
