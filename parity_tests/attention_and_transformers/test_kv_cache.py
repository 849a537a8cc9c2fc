"""Shared keys and values, and a cache of them; what is written: test_gpt.py."""

import numpy as np

from d2l.parity.oracles.attention import causal_lens, multi_head_attention, rope
from parity_tests.block_parity import BlockParity


class TestGQAAttention(BlockParity):
    name = "GQAAttention"
    arguments = {"num_hiddens": 8, "num_heads": 4, "num_kv_heads": 2, "rope": True}

    def inputs(self, random):
        X = random.standard_normal((2, 4, 8))
        return [X, X, X]

    def oracle(self, weights, *inputs):
        lens = causal_lens(2, 4)
        return multi_head_attention(weights, 4, inputs, lens, 2, rope)


class TestPaddedGQAAttention(TestGQAAttention):
    """With a valid length, neither turned nor causal."""

    arguments = {
        "num_hiddens": 8,
        "num_heads": 4,
        "num_kv_heads": 1,
        "causal": False,
    }

    def inputs(self, random):
        return [*super().inputs(random), np.array([3, 0])]

    def oracle(self, weights, *inputs):
        return multi_head_attention(weights, 4, inputs[:3], inputs[3], 1)


def cached_attention(session):
    """Attention to the steps of two calls, of which the first fills a cache."""
    d2l = session.namespace

    class TwoCalls(d2l.Module):
        def __init__(self):
            super().__init__()
            self.attention = d2l.GQAAttention(8, 4, 2, rope=True)

        def forward(self, X, Y):
            cache = d2l.KVCache()
            first = self.attention(X, X, X, cache=cache)
            return first, self.attention(Y, Y, Y, cache=cache)

    return TwoCalls()


class TestCache(BlockParity):
    name = "GQAAttention with a cache"
    builder = cached_attention

    def inputs(self, random):
        X = random.standard_normal((2, 5, 8))
        return [X[:, :3], X[:, 3:]]
