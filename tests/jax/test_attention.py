"""Attention and Transformers: what layers keep, and functions compiled once."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from d2l import jax as d2l
from d2l.jax.attention_and_transformers import gpt, kv_cache
from d2l.jax.backend import BACKEND


@pytest.fixture(autouse=True)
def same_keys():
    """Each test draws the same numbers, whichever ran before it."""
    BACKEND.seed(0)


def test_weights_are_kept_by_calls_and_by_differentiation():
    attention, X = d2l.MultiHeadAttention(4, 2, 0), jnp.ones((3, 5, 4))
    lens = jnp.array([2, 5, 1])
    assert attention.attention.attention_weights is None
    attention(X, X, X, lens)
    weights = attention.attention.attention_weights
    assert weights.shape == (6, 5, 5)
    assert np.allclose(weights[0, 0], [0.5, 0.5, 0, 0, 0])
    nnx.grad(lambda layer: layer(X, X, X, lens).sum())(attention)
    assert np.array_equal(attention.attention.attention_weights, weights)


def test_a_model_learns_that_was_called_before():
    data = d2l.MTFraEng(batch_size=16, num_train=32, num_val=16, source="small")
    sizes = {"embed_size": 4, "num_hiddens": 4, "num_layers": 2, "dropout": 0.1}
    encoder = d2l.Seq2SeqEncoder(data.src_vocab_size, **sizes)
    decoder = d2l.Seq2SeqAttentionDecoder(data.tgt_vocab_size, **sizes)
    model = d2l.Seq2Seq(encoder, decoder, tgt_pad=data.tgt_pad, lr=0.01)
    batch = next(iter(data.train_dataloader()))
    model(*batch[:-1])
    kept = decoder.attention_weights
    assert len(kept) == batch[1].shape[1]
    before = np.asarray(model.decoder.dense.kernel[...])
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert not np.array_equal(model.decoder.dense.kernel[...], before)
    _, weights = model.predict_step(batch, d2l.cpu(), 3, save_attention_weights=True)
    assert [w.shape for (w,) in weights] == [kept[0].shape] * 3


class BalancedLM(d2l.TransformerLM):
    """A language model whose experts are to be used evenly, and nothing else."""

    def loss(self, Y_hat, Y):
        return sum(blk.ffn.balance_loss for blk in self.net.blks)


def test_the_balance_of_experts_is_trained():
    def experts():
        return d2l.MoELayer(8, 4)

    net = d2l.GPT(20, 8, 2, 2, 8, ffn_factory=experts)
    model = BalancedLM(net, lr=0.01)
    routers = [np.asarray(blk.ffn.router.kernel[...]) for blk in net.blks]
    head = np.asarray(net.head.kernel[...])
    data = d2l.TimeMachine(8, num_steps=5, num_train=16, num_val=8, source="small")
    net.embedding = nnx.Embed(len(data.vocab), 8, rngs=nnx.Rngs(0))
    d2l.Trainer(max_epochs=1).fit(model, data)
    for blk, router in zip(net.blks, routers, strict=True):
        assert not np.array_equal(blk.ffn.router.kernel[...], router)
    assert np.array_equal(net.head.kernel[...], head)


def small_gpt(**settings):
    return d2l.GPT(11, 8, 4, 2, 12, **settings)


def step_by_step(model, tokens, num_tokens):
    """The likeliest continuation, found without padding and without a cache."""
    model.eval()
    for _ in range(num_tokens):
        logits = model(tokens[:, -model.max_len :])[:, -1]
        chosen = logits.argmax(axis=-1, keepdims=True)
        tokens = jnp.concatenate([tokens, chosen.astype(tokens.dtype)], axis=1)
    return tokens


def blind_ahead(causal):
    return lambda: d2l.GQAAttention(8, 4, 2, rope=True, causal=causal)


@pytest.mark.parametrize("pos", ["rope", "learned", "sinusoidal"])
def test_generation_is_padded_without_effect(pos):
    model, prefix = small_gpt(pos=pos), jnp.array([[1, 2, 3], [4, 5, 6]])
    # Past the longest context.
    found = model.generate(prefix, 12, temperature=0)
    assert np.array_equal(found, step_by_step(model, prefix, 12))
    cached = d2l.generate_cached(model, prefix, 9, temperature=0)
    assert np.array_equal(cached, found[:, :12])
    assert cached.dtype == prefix.dtype


def test_generation_by_attention_that_sees_all():
    model = small_gpt(attn_factory=blind_ahead(causal=False))
    prefix = jnp.array([[1, 2, 3]])
    found = model.generate(prefix, 5, temperature=0)
    assert np.array_equal(found, step_by_step(model, prefix, 5))


@pytest.mark.parametrize("generate", [d2l.GPT.generate, d2l.generate_cached])
def test_generation_is_compiled_once(generate):
    model, prefix = small_gpt(), jnp.array([[1, 2, 3]])
    functions = (gpt._last_logits, kv_cache._first_logits, kv_cache._next_logits)
    before = [function._cache_size() for function in functions]
    for _ in range(2):
        generate(model, prefix, 7)
    sizes = zip(functions, before, strict=True)
    assert max(function._cache_size() - size for function, size in sizes) == 1


def test_nothing_to_generate():
    model, prefix = small_gpt(), jnp.array([[1, 2, 3]])
    assert np.array_equal(model.generate(prefix, 0), prefix)
    assert np.array_equal(d2l.generate_cached(model, prefix, 0), prefix)
    with pytest.raises(ValueError, match="max_len 12"):
        d2l.generate_cached(model, prefix, 10)


def test_positions_that_a_compiled_function_is_given():
    X = jax.random.normal(jax.random.key(0), (2, 3, 6))
    turned = jax.jit(lambda X, offset: d2l.rope(X, offset, max_len=9))
    assert np.allclose(turned(X, 5), d2l.rope(X, 5), atol=1e-6)
    positions = d2l.LearnedPositionalEncoding(6, 0, max_len=9)
    assert np.array_equal(positions(X, 6), X + positions.P[:, 6:])
    with pytest.raises(ValueError, match="10 positions are more than 9"):
        positions(X, 7)


def test_normalisation_over_several_axes():
    layer, X = d2l.AddNorm((3, 4), 0), jnp.arange(24.0).reshape(2, 3, 4)
    assert BACKEND.weights(layer)["ln.weight"].shape == (3, 4)
    Y = layer(X, X)
    assert np.allclose(Y.mean((1, 2)), 0, atol=1e-6)
    assert np.allclose(Y.std((1, 2)), 1, atol=1e-4)


def test_inputs_of_other_sizes():
    queries, keys, values = (jnp.ones((2, 3, size)) for size in (5, 6, 7))
    sizes = {"query_size": 5, "key_size": 6}
    additive = d2l.AdditiveAttention(4, 0, **sizes)
    assert additive(queries, keys, values).shape == (2, 3, 7)
    attention = d2l.MultiHeadAttention(4, 2, 0, value_size=7, **sizes)
    assert attention(queries, keys, values).shape == (2, 3, 4)
    assert d2l.PositionWiseFFN(4, 8, input_size=5)(queries).shape == (2, 3, 8)
    assert d2l.ViTMLP(4, 8, input_size=5)(queries).shape == (2, 3, 8)
