"""Loops over time in compiled functions do what the same steps one by one do."""

import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from d2l import tensorflow as d2l
from d2l.common.training import mask_stream
from d2l.tensorflow.backend import BACKEND
from d2l.tensorflow.loops import scan_steps
from d2l.tensorflow.randomness import uniform

NUM_STEPS = 4


class Layers(layers.Layer):
    """Two layers of dropout in each step, and one before and after all of them."""

    def __init__(self):
        super().__init__()
        self.dropout = layers.Dropout(0.5)

    def call(self, X, training=False):
        def step(total, x):
            return total + self.dropout(self.dropout(x))

        totals = scan_steps(step, tf.zeros(X.shape[1]), self.dropout(X))
        return self.dropout(totals), uniform(tf.constant([3]))


@pytest.mark.parametrize("training", [False, True])
def test_masks_of_the_shared_stream(training):
    model, X = Layers(), tf.reshape(tf.range(1.0, 1 + NUM_STEPS * 8), (NUM_STEPS, 8))
    found = []
    for call in (model, tf.function(model)):
        with BACKEND.shared_dropout(7):
            found.append(call(X, training=training))
    for eager, compiled in zip(*found, strict=True):
        np.testing.assert_array_equal(eager, compiled)
    # The next to draw is the last of eleven layers, unless none of the others draws.
    last = 2 + 2 * NUM_STEPS if training else 0
    numbers = mask_stream.MaskStream(7).uniform(0, last, (3,))
    np.testing.assert_array_equal(found[0][1], numbers)


def test_every_step_draws_anew():
    dropout = layers.Dropout(0.5)

    @tf.function
    def steps(X):
        return scan_steps(lambda _, x: dropout(x, training=True), X[0], X)

    rows = np.asarray(steps(tf.ones((NUM_STEPS, 64))))
    assert len({row.tobytes() for row in rows}) == NUM_STEPS


@pytest.fixture
def make_decoder():
    """Makes decoders with much dropout."""
    sizes = {"vocab_size": 7, "embed_size": 4, "num_hiddens": 6, "num_layers": 2}
    return lambda: d2l.Seq2SeqAttentionDecoder(**sizes, dropout=0.5)


def arguments(num_steps):
    """Tokens, and the state of a decoder that has read a source of five steps."""
    random = np.random.default_rng(0)
    tokens = tf.constant(random.integers(0, 7, (3, num_steps)), tf.int32)
    enc_outputs = BACKEND.to_tensor(random.normal(size=(3, 5, 6)))
    hidden_state = BACKEND.to_tensor(random.normal(size=(2, 3, 6)))
    return tokens, (enc_outputs, hidden_state, tf.constant([5, 2, 4]))


def num_operations(decoder, num_steps):
    """The size of the graph that a compiled call has."""
    compiled = tf.function(decoder).get_concrete_function(*arguments(num_steps))
    return len(compiled.graph.get_operations())


def test_a_compiled_decoder_is_a_loop_however_many_steps_there_are(make_decoder):
    decoder = make_decoder()
    assert num_operations(decoder, 3) == num_operations(decoder, 30)


def test_a_decoder_may_be_compiled_before_its_first_call(make_decoder):
    logits, _ = tf.function(make_decoder())(*arguments(4))
    assert logits.shape == (3, 4, 7)


@pytest.mark.usefixtures("float64")
def test_a_decoder_draws_the_same_masks_when_compiled(make_decoder, relative_error):
    decoder, found = make_decoder(), []
    decoder(*arguments(4))
    for call in (decoder, tf.function(decoder)):
        with BACKEND.shared_dropout(3):
            logits, (_, hidden_state, _) = call(*arguments(4), training=True)
        found.append((logits, hidden_state))
    for eager, compiled in zip(*found, strict=True):
        assert relative_error(compiled, eager) < 1e-12
    assert relative_error(decoder(*arguments(4))[0], found[0][0]) > 0.1


def test_a_decoder_keeps_the_attention_of_its_last_eager_call(make_decoder):
    decoder = make_decoder()
    decoder(*arguments(4))
    kept = decoder.attention_weights
    assert [tuple(weights.shape) for weights in kept] == [(3, 1, 5)] * 4
    np.testing.assert_array_equal(kept[0][1, 0, 2:], np.zeros(3))
    tf.function(decoder)(*arguments(2))
    assert decoder.attention_weights is kept
