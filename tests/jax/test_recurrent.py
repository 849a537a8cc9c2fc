"""Recurrent layers in JAX: Flax's own cells, loops that are compiled once, dropout."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from d2l import jax as d2l
from d2l.jax import recurrent

INPUTS = np.random.default_rng(0).standard_normal((5, 2, 4)).astype(np.float32)


def test_lstm_is_that_of_flax():
    layer = recurrent.LSTMLayers(4, 3, rngs=nnx.Rngs(0))
    layer.bias_hh_l0[...] = jnp.arange(12.0)
    cell = nnx.OptimizedLSTMCell(4, 3, rngs=nnx.Rngs(1))
    cell.dense_i.kernel[...] = layer.weight_ih_l0[...].T
    cell.dense_h.kernel[...] = layer.weight_hh_l0[...].T
    cell.dense_h.bias[...] = layer.bias_hh_l0[...]
    (C, H), outputs = nnx.RNN(cell, time_major=True, return_carry=True)(INPUTS)
    found, last = layer(INPUTS)
    for a, b in zip((found, *last), (outputs, H[None], C[None]), strict=True):
        assert np.allclose(a, b, atol=1e-6)


def test_gru_is_that_of_flax():
    layer = recurrent.GRULayers(4, 3, rngs=nnx.Rngs(0))
    # Flax's cell has no bias of the hidden state.
    layer.bias_ih_l0[...] = jnp.arange(9.0)
    cell = nnx.GRUCell(4, 3, rngs=nnx.Rngs(1))
    cell.dense_i.kernel[...] = layer.weight_ih_l0[...].T
    cell.dense_h.kernel[...] = layer.weight_hh_l0[...].T
    cell.dense_i.bias[...] = layer.bias_ih_l0[...]
    outputs = nnx.RNN(cell, time_major=True)(INPUTS)
    assert np.allclose(layer(INPUTS)[0], outputs, atol=1e-6)


def test_initial_weights_are_by_the_rules_of_flax():
    layer = recurrent.GRULayers(400, 20, rngs=nnx.Rngs(0))
    for gate in jnp.split(layer.weight_hh_l0[...], 3):
        assert np.allclose(gate @ gate.T, np.eye(20), atol=1e-5)
    assert float(layer.weight_ih_l0[...].std()) == pytest.approx(1 / 20, rel=0.1)
    assert not layer.bias_ih_l0[...].any()


def test_loops_are_compiled_once():
    layer = d2l.LSTM(4, 3, num_layers=2)
    _, state = layer(INPUTS)
    layer(INPUTS, state)
    compiled = recurrent._run._cache_size()
    for _ in range(3):
        _, state = layer(INPUTS + 1, state)
    d2l.LSTM(4, 3, num_layers=2)(INPUTS)
    assert recurrent._run._cache_size() == compiled


def test_a_state_is_what_the_next_steps_need():
    for layer in (d2l.RNN(4, 3), d2l.LSTM(4, 3, 2), d2l.GRU(4, 3, 2)):
        whole, end = layer(INPUTS)
        _, middle = layer(INPUTS[:2])
        rest, again = layer(INPUTS[2:], middle)
        assert np.allclose(whole[2:], rest, atol=1e-6)
        for a, b in zip(jax.tree.leaves(end), jax.tree.leaves(again), strict=True):
            assert np.allclose(a, b, atol=1e-6)


def test_dropout_is_between_layers_and_for_training():
    single = d2l.GRU(4, 3, num_layers=1, dropout=0.5)
    single.train()
    assert jnp.array_equal(single(INPUTS)[0], single(INPUTS)[0])
    deep = d2l.GRU(4, 3, num_layers=2, dropout=0.5)
    deep.train()
    (a, lasts), (b, others) = deep(INPUTS), deep(INPUTS)
    assert not jnp.array_equal(a, b)
    # What the lower layer computes is not touched.
    assert jnp.array_equal(lasts[0], others[0])
    deep.eval()
    assert jnp.array_equal(deep(INPUTS)[0], deep(INPUTS)[0])


def test_dropout_draws_anew_in_a_compiled_step():
    data = d2l.TimeMachine(16, 8, num_train=64, num_val=16, source="small")
    rnn = d2l.GRU(data.vocab_size, 8, num_layers=2, dropout=0.5)
    model = d2l.RNNLM(rnn, data.vocab_size, lr=0.0)
    loader = list(data.train_dataloader())
    data.train_dataloader = lambda: [loader[0]] * 4
    model.plot_train_per_epoch = 4
    d2l.Trainer(max_epochs=1).fit(model, data)
    perplexities = {point.y for point in model.board.data["train_ppl"]}
    assert len(perplexities) == 4


def test_weights_of_translators_come_from_the_given_keys():
    def weights(seed):
        rngs = nnx.Rngs(seed)
        encoder = d2l.Seq2SeqEncoder(9, 4, 3, 2, rngs=rngs)
        decoder = d2l.Seq2SeqDecoder(9, 4, 3, 2, rngs=rngs)
        return jax.tree.leaves(nnx.state((encoder, decoder), nnx.Param))

    first, again, other = weights(0), weights(0), weights(1)
    assert all(jnp.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(jnp.array_equal(a, b) for a, b in zip(first, other, strict=True))
