"""Draws for dropout and noise, and the stream of them that frameworks can share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras
import tensorflow as tf

from d2l.common.training import mask_stream

from . import generators


def uniform(shape):
    """Numbers in [0, 1): TensorFlow's own, or the shared stream's while that is on.

    shape: `tf.shape` of a tensor, so that the batch may be of any size.
    """
    return _draw("uniform", shape)


def normal(shape):
    """Standard normal numbers: TensorFlow's own, or the stream's while that is on."""
    return _draw("normal", shape)


def source():
    """What has `uniform` and `normal`: `tf.random`, in compiled steps a generator.

    There the draws of `tf.random` have counts that can be neither read nor set, so
    that a training could not go on from a checkpoint.
    """
    return tf.random if tf.executing_eagerly() else generators.compiled()


def new_seed():
    """Two integers for one draw of `tf.random.stateless_gamma` and the like."""
    return source().uniform((2,), maxval=2**31 - 1, dtype="int32")


def _draw(distribution, shape):
    floatx = keras.config.floatx()
    stream = mask_stream.active
    if stream is None:
        return getattr(source(), distribution)(shape, dtype=floatx)
    # The layer's place is settled while a step is traced; the step's number is a
    # tensor, as is a loop's turn, so that the step asks for new numbers every time.
    turn, draw = stream.next_draw(distribution)
    numbers = tf.numpy_function(
        lambda step, turn, sizes: draw(step, turn, tuple(sizes)),
        [stream.step, turn, shape],
        tf.float64,
        stateful=False,
    )
    return tf.cast(tf.reshape(numbers, shape), floatx)


def _shared_dropout(self, inputs, training=False):
    if not training or self.rate == 0:
        return inputs
    keep = tf.cast(_uniform_like(inputs) > self.rate, inputs.dtype)
    return keep * inputs / (1 - self.rate)


def _uniform_like(inputs):
    """A number for each input, the same where other frameworks keep channels first."""
    shape = tf.shape(inputs)
    if len(inputs.shape) != 4:
        return uniform(shape)
    return tf.transpose(uniform(tf.gather(shape, (0, 3, 1, 2))), (0, 2, 3, 1))


@contextlib.contextmanager
def shared_dropout(seed: int) -> Iterator[mask_stream.MaskStream]:
    """Let every dropout layer draw its masks from the shared stream."""
    own_call = keras.layers.Dropout.call
    keras.layers.Dropout.call = _shared_dropout
    try:
        with mask_stream.shared(seed) as stream:
            yield stream
    finally:
        keras.layers.Dropout.call = own_call
