"""Generation without computing anything twice."""

import jax.numpy as jnp
import numpy as np
from flax import nnx

from ..layers import layer_settings, rngs_or_default
from .gpt import CausalAttention, choose_tokens


class KVCache:
    """The keys and values of an attention layer for the steps so far."""

    def __init__(self):
        self.keys = None
        self.values = None

    @property
    def length(self):
        """The number of steps."""
        return 0 if self.keys is None else self.keys.shape[1]

    def extend(self, keys, values):
        """Add steps, (batch * heads, steps, head_size); returns those of all steps."""
        if self.length:
            keys = jnp.concatenate([self.keys, keys], axis=1)
            values = jnp.concatenate([self.values, values], axis=1)
        self.keys, self.values = keys, values
        return keys, values


class GQAAttention(CausalAttention):
    """Grouped queries (Ainslie et al., 2023): several heads share keys and values.

    num_kv_heads: divides num_heads; 1 is multi-query attention (Shazeer, 2019).
    rope: turn queries and keys by their positions; causal: do not look ahead.
    """

    def __init__(
        self,
        num_hiddens,
        num_heads,
        num_kv_heads,
        bias=False,
        rope=False,
        causal=True,
        *,
        rngs=None,
    ):
        rngs = rngs_or_default(rngs)
        super().__init__(num_hiddens, num_heads, 0, bias, rope, rngs=rngs)
        if num_heads % num_kv_heads:
            raise ValueError(f"{num_heads} heads cannot share {num_kv_heads}")
        self.num_kv_heads = num_kv_heads
        self.causal = causal
        # Narrower than the queries', and so is what a cache has to keep.
        sizes = num_hiddens, num_kv_heads * self.head_size
        settings = {"use_bias": bias} | layer_settings(rngs)
        self.W_k = nnx.Linear(*sizes, **settings)
        self.W_v = nnx.Linear(*sizes, **settings)

    def attend(self, queries, keys, values, valid_lens):
        """As in `CausalAttention`; keys and values: (batch * num_kv_heads, ...)."""
        # Heads next to each other share.
        group = self.num_heads // self.num_kv_heads
        keys = jnp.repeat(keys, group, axis=0)
        values = jnp.repeat(values, group, axis=0)
        if self.causal:
            return super().attend(queries, keys, values, valid_lens)
        if valid_lens is not None:
            valid_lens = jnp.repeat(valid_lens, self.num_heads, axis=0)
        return self.attention(queries, keys, values, valid_lens)


def generate_cached(
    model, prefix, num_tokens, temperature=1.0, top_k=None, *, seed=None
):
    """What `model.generate` returns, each step computed once.

    model: a `GPT`, whose `max_len` all tokens together must not exceed; the others
    as in `GPT.generate`.
    """
    if prefix.shape[1] + num_tokens > model.max_len:
        raise ValueError(f"a cache holds no more than max_len {model.max_len} tokens")
    rng, tokens = np.random.default_rng(seed), prefix
    caches, new = [KVCache() for _ in model.blks], prefix
    model.eval()
    for _ in range(num_tokens):
        logits = model(new, caches)[:, -1]
        new = choose_tokens(logits, temperature, top_k, rng).astype(tokens.dtype)
        tokens = jnp.concatenate([tokens, new], axis=1)
    return tokens
