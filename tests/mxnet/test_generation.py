"""Texts by compiled steps are those of the model's own calls."""

from __future__ import annotations

import numpy as onp
import pytest

from d2l import mxnet as d2l
from d2l.common.errors import InputError
from d2l.mxnet import generation

from mxnet import gluon, np  # isort: skip

#: Of GPT, beside its sizes.
KINDS = {
    "rope": {},
    "learned": {"pos": "learned", "norm": "layer", "act": "gelu"},
    "sinusoidal": {"pos": "sinusoidal", "pre_norm": False, "bias": True},
    "grouped": {"attn_factory": lambda: d2l.GQAAttention(8, 4, 2, rope=True)},
}


class Doubled(gluon.nn.Dense):
    """A reader's own layer."""

    def forward(self, X):
        return 2 * super().forward(X)


def small_gpt(**settings):
    return d2l.GPT(11, 8, 4, 2, 12, **settings)


def some_tokens():
    return np.array([[1, 2, 3], [4, 5, 6]], dtype="int32")


def step_by_step(model, tokens, num_tokens):
    """The same greedily, by calls of the model."""
    for _ in range(num_tokens):
        logits = model(tokens[:, -model.max_len :])[:, -1]
        chosen = onp.argmax(logits.asnumpy(), axis=-1)[:, None]
        tokens = np.concatenate([tokens, np.array(chosen, dtype=tokens.dtype)], axis=1)
    return tokens


def check_texts(model):
    """Also past the longest context, where nothing is kept."""
    prefix = some_tokens()
    expected = step_by_step(model, prefix, 15)
    found = model.generate(prefix, 15, temperature=0)
    cached = d2l.generate_cached(model, prefix, 9, temperature=0)
    assert onp.array_equal(found, expected)
    assert onp.array_equal(cached, expected[:, :12])
    assert found.dtype == cached.dtype == prefix.dtype


@pytest.mark.parametrize("kind", KINDS)
def test_texts(kind):
    model = small_gpt(**KINDS[kind])
    model.generate(some_tokens(), 1)  # gives its layers their sizes
    assert generation.can_compile(model)
    check_texts(model)


@pytest.mark.parametrize("kind", KINDS)
def test_logits(kind):
    model, tokens = small_gpt(**KINDS[kind]), some_tokens().astype("int64")
    model.cast("float64")
    if kind == "sinusoidal":
        model.pos_encoding.P = model.pos_encoding.P.astype("float64")
    expected = model(tokens).asnumpy()
    whole = generation.whole_steps(model, tokens, 5)
    caches = [d2l.KVCache() for _ in model.blks]
    cached = generation.cached_steps(model, caches, 5)
    assert onp.allclose(whole(tokens), expected[:, -1], rtol=1e-12, atol=1e-13)
    for i in range(3):
        found = cached(tokens[:, i : i + 1])
        assert onp.allclose(found, expected[:, i], rtol=1e-12, atol=1e-13)


def test_weights_and_layers_that_change():
    model = small_gpt()
    check_texts(model)
    model.initialize(force_reinit=True)
    check_texts(model)
    model.cast("float64")
    check_texts(model)
    model.blks[1].ffn = d2l.FeedForward(8, act="relu")
    model.blks[1].ffn.cast("float64")
    check_texts(model)
    model.norm.eps = 100.0
    check_texts(model)


def test_a_graph_is_made_once():
    model = small_gpt()
    for _ in range(2):
        d2l.generate_cached(model, some_tokens(), 3)
        graph = generation._graph(model, True)
    assert generation._graph(model, True) is graph


def blind_ahead():
    return d2l.GQAAttention(8, 4, 2, rope=True, causal=False)


def test_what_is_not_known_is_called():
    model = small_gpt()
    model.head = Doubled(11, use_bias=False, flatten=False, in_units=8)
    model.head.initialize()
    assert not generation.can_compile(model)
    check_texts(model)
    hooked = small_gpt()
    calls = []
    hooked.norm.register_forward_hook(lambda *_: calls.append(1))
    hooked.generate(some_tokens(), 4)
    assert len(calls) == 4
    assert not generation.can_compile(small_gpt(attn_factory=blind_ahead))
    experts = small_gpt(ffn_factory=lambda: d2l.MoELayer(8, 4))
    assert not generation.can_compile(experts)
    check_texts(experts)


@pytest.mark.parametrize("generate", [d2l.GPT.generate, d2l.generate_cached])
def test_nothing_to_generate(generate):
    model, prefix = small_gpt(), some_tokens()
    assert onp.array_equal(generate(model, prefix, 0), prefix)
    assert generate(model, prefix[:0], 3).shape == (0, 6)


@pytest.mark.parametrize("generate", [d2l.GPT.generate, d2l.generate_cached])
def test_nothing_to_choose_from(generate):
    with pytest.raises(InputError, match="k must be at least 1"):
        generate(small_gpt(), some_tokens(), 1, temperature=0, top_k=0)


def test_ties_go_to_the_lower_index():
    model = small_gpt()
    model(some_tokens())
    model.head.weight.set_data(np.zeros((11, 8)))
    assert not model.generate(some_tokens(), 3, temperature=0)[:, 3:].any()
