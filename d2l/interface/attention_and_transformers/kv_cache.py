"""Declarations: kv cache."""


class KVCache:
    """Keys and values of the steps so far."""

    def extend(self, keys, values):
        """Add steps; returns all of them."""


class GQAAttention:
    """Attention whose heads share keys and values."""

    def __init__(
        self, num_hiddens, num_heads, num_kv_heads, bias=False, rope=False, causal=True
    ):
        """num_kv_heads: how many heads there are of keys and values."""


def generate_cached(model, prefix, num_tokens, temperature=1.0, top_k=None):
    """What `GPT.generate` returns, each step computed once."""
