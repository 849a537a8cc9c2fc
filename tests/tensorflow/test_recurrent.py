"""Recurrent layers: against PyTorch's, as loops of a graph, and in their modes."""

import numpy as np
import pytest
import tensorflow as tf

from d2l import tensorflow as d2l
from d2l.common.training import mask_stream
from d2l.tensorflow import recurrent
from d2l.tensorflow.backend import BACKEND

SIZES = {"num_inputs": 4, "num_hiddens": 3}
X = np.random.default_rng(0).normal(size=(5, 2, SIZES["num_inputs"]))


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_several_layers_are_those_of_pytorch(
    kind, bidirectional, same_weights, relative_error
):
    nn = pytest.importorskip("torch.nn")
    from d2l.torch.backend import BACKEND as TORCH

    settings = {"num_layers": 2, "bidirectional": bidirectional}
    own = getattr(recurrent, kind)(*SIZES.values(), **settings)
    reference = getattr(nn, kind)(*SIZES.values(), **settings)
    same_weights([X], (TORCH, reference), (BACKEND, own))
    state = np.random.default_rng(1).normal(size=(4 if bidirectional else 2, 2, 3))
    found = []
    for backend, model in ((BACKEND, own), (TORCH, reference)):
        inputs, start = backend.to_tensor(X), backend.to_tensor(state)
        outputs, end = model(inputs, (start, -start) if kind == "LSTM" else start)
        ends = list(end) if kind == "LSTM" else [end]
        found.append([backend.to_numpy(part) for part in (outputs, *ends)])
    for actual, expected in zip(*found, strict=True):
        assert relative_error(actual, expected) < 1e-12


def num_operations(model, num_steps):
    """The size of the graph that a compiled call has."""
    inputs = tf.zeros((num_steps, 2, SIZES["num_inputs"]))
    graph = tf.function(model).get_concrete_function(inputs).graph
    return len(graph.get_operations())


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "BiGRU"])
def test_a_compiled_layer_is_a_loop_however_many_steps_there_are(kind):
    model = getattr(d2l, kind)(**SIZES)
    assert num_operations(model, 3) == num_operations(model, 30)


def test_dropout_between_the_layers_and_nowhere_else():
    layer = recurrent.GRU(*SIZES.values(), num_layers=3, dropout=0.5)
    inputs = tf.constant(X, tf.float32)
    shapes = []

    class Stream(mask_stream.MaskStream):
        def uniform(self, step, number, shape):
            shapes.append(shape)
            return super().uniform(step, number, shape)

    with BACKEND.shared_dropout(0):
        mask_stream.active = Stream(0)
        mask_stream.active.begin(0)
        layer(inputs, training=True)
        assert shapes == [(5, 2, 3)] * 2
        layer(inputs, training=False)
    assert len(shapes) == 2


@pytest.fixture
def translator():
    """A translator with much dropout, and a batch."""
    sizes = {"vocab_size": 9, "embed_size": 4, "num_hiddens": 16, "num_layers": 2}
    parts = (d2l.Seq2SeqEncoder, d2l.Seq2SeqDecoder)
    model = d2l.Seq2Seq(*(cls(**sizes, dropout=0.5) for cls in parts), tgt_pad=0, lr=1)
    tokens = tf.constant(np.random.default_rng(2).integers(0, 9, (3, 5)), tf.int32)
    return model, [tokens, tokens, tf.fill(3, 5), tokens]


def test_a_part_does_not_remember_the_mode_of_the_whole(translator):
    model, (src, tgt, src_valid_len, _) = translator

    def varies(*args, part=model, **kwargs):
        first, second = (tf.nest.flatten(part(*args, **kwargs)) for _ in range(2))
        return not np.array_equal(first[0], second[0])

    assert varies(src, tgt, src_valid_len, training=True)
    assert not varies(src, part=model.encoder)
    assert not varies(src, part=model.encoder, training=False)
    assert varies(src, part=model.encoder, training=True)
    assert not varies(src, tgt, src_valid_len, training=False)


def test_a_translator_that_was_training_predicts_without_dropout(translator):
    model, batch = translator
    model(*batch[:-1], training=True)
    tokens, attention_weights = model.predict_step(batch, d2l.cpu(), 4)
    again, _ = model.predict_step(batch, d2l.cpu(), 4)
    assert tokens.shape == (3, 4)
    assert attention_weights == []
    np.testing.assert_array_equal(tokens, again)


def test_init_seq2seq_leaves_biases_alone():
    dense, layer = tf.keras.layers.Dense(300), recurrent.LSTM(200, 50)
    dense.build((None, 200))
    for module in (dense, layer):
        for variable in module.weights:
            variable.assign(tf.ones_like(variable))
        d2l.init_seq2seq(module)
    for weight in (dense.kernel, layer.weight_ih_l0, layer.weight_hh_l0):
        bound = np.sqrt(6 / sum(weight.shape))
        assert np.abs(weight).max() == pytest.approx(bound, rel=0.01)
    for bias in (dense.bias, layer.bias_ih_l0, layer.bias_hh_l0):
        np.testing.assert_array_equal(bias, np.ones(bias.shape))
