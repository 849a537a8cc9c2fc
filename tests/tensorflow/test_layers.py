"""Layers that Keras has in another form."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from d2l.tensorflow.backend import BACKEND
from d2l.tensorflow.layers import (
    BatchNormalization,
    Flatten,
    PaddedConv2D,
    PaddedDepthwiseConv2D,
    PaddedMaxPooling2D,
    gelu,
)

RANDOM = np.random.default_rng(0)


def images(height=7, width=8, channels=6):
    return tf.constant(RANDOM.standard_normal((2, height, width, channels)), "float32")


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("groups", [1, 3])
def test_convolution_pads_every_edge_alike(strides, groups):
    own = PaddedConv2D(9, 3, strides, pad=1, groups=groups)
    X = images()
    Y = own(X)
    assert Y.shape == own.compute_output_shape(X.shape)
    keras_own = layers.Conv2D(9, 3, strides, groups=groups)
    keras_own.build((None, None, None, 6))
    keras_own.set_weights(own.get_weights())
    padded = tf.pad(X, [(0, 0), (1, 1), (1, 1), (0, 0)])
    np.testing.assert_allclose(Y, keras_own(padded), rtol=1e-4, atol=1e-5)


def test_convolution_in_groups_runs_and_is_trained_without_xla():
    own, X = PaddedConv2D(6, 3, groups=2), images()

    @tf.function
    def gradients(X):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(own(X) ** 2)
        return tape.gradient(loss, own.trainable_variables)

    own(X)
    operations = gradients.get_concrete_function(X).graph.get_operations()
    assert sum(op.type == "Conv2D" for op in operations) == 2
    assert [g.shape for g in gradients(X)] == [(3, 3, 3, 6), (6,)]


def test_depthwise_convolution_pads_every_edge_alike():
    own, X = PaddedDepthwiseConv2D(3, 2, pad=1), images()
    Y = own(X)
    assert Y.shape == own.compute_output_shape(X.shape) == (2, 4, 4, 6)
    single = PaddedConv2D(1, 3, 2, pad=1)
    single.build((None, None, None, 1))
    single.kernel.assign(own.kernel[:, :, 2:3])
    np.testing.assert_allclose(Y[..., 2:3], single(X[..., 2:3]), rtol=1e-4, atol=1e-5)


def test_what_pooling_pads_is_never_the_maximum():
    own, X = PaddedMaxPooling2D(3, 2, pad=1), -tf.abs(images())
    Y = own(X)
    assert Y.shape == own.compute_output_shape(X.shape) == (2, 4, 4, 6)
    np.testing.assert_array_equal(Y[:, 0, 0], tf.reduce_max(X[:, :2, :2], (1, 2)))


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("shape", [(5, 3), (2, 4, 5, 3)])
def test_running_variance_is_unbiased(shape):
    own, X = BatchNormalization(), RANDOM.standard_normal(shape)
    Y = own(tf.constant(X), training=True)
    rows = X.reshape(-1, 3)
    np.testing.assert_allclose(own.moving_mean, 0.1 * rows.mean(0), rtol=1e-12)
    expected = 0.9 + 0.1 * rows.var(0, ddof=1)
    np.testing.assert_allclose(own.moving_variance, expected, rtol=1e-12)
    normalised = (X - rows.mean(0)) / np.sqrt(rows.var(0) + 1e-5)
    np.testing.assert_allclose(Y, normalised, rtol=1e-10)


def test_statistics_rest_in_evaluation_and_where_a_layer_is_frozen():
    own, X = BatchNormalization(), images()
    own(X, training=False)
    own.trainable = False
    own(X, training=True)
    np.testing.assert_array_equal(own.moving_mean, np.zeros(6))
    np.testing.assert_array_equal(own.moving_variance, np.ones(6))


def test_a_single_example_has_no_variance():
    own = BatchNormalization()
    own(tf.constant([[1.0, 2.0]]), training=True)
    np.testing.assert_allclose(own.moving_variance, [0.9, 0.9], rtol=1e-6)


def test_batch_normalisation_takes_batches_of_any_size_in_one_graph():
    own = BatchNormalization()
    own.build((None, 3))
    train = tf.function(
        lambda X: own(X, training=True), [tf.TensorSpec((None, 3), "float32")]
    )
    for size in (4, 9):
        before = own.moving_variance.numpy()
        X = RANDOM.standard_normal((size, 3)).astype("float32")
        train(tf.constant(X))
        expected = 0.9 * before + 0.1 * X.var(0, ddof=1)
        np.testing.assert_allclose(own.moving_variance, expected, rtol=1e-5)


@pytest.mark.usefixtures("float64")
def test_gelu_is_exact():
    x = np.linspace(-4, 4, 17)
    expected = [v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x]
    np.testing.assert_allclose(gelu(tf.constant(x)), expected, rtol=1e-14)


def test_shared_masks_of_images_are_those_of_channels_first():
    X = tf.ones((2, 3, 4, 5))
    with BACKEND.shared_dropout(7) as stream:
        stream.begin(0)
        Y = keras.layers.Dropout(0.5)(X, training=True)
        numbers = stream.uniform(0, 0, (2, 5, 3, 4))
    np.testing.assert_array_equal(Y, 2.0 * (numbers > 0.5).transpose(0, 2, 3, 1))


def test_images_are_flattened_channel_by_channel():
    images = tf.reshape(tf.range(12), (1, 2, 3, 2))
    flat = Flatten()(images)
    assert flat.numpy()[0].tolist() == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]
    sequences = tf.reshape(tf.range(6), (1, 2, 3))
    assert Flatten()(sequences).numpy()[0].tolist() == [0, 1, 2, 3, 4, 5]
