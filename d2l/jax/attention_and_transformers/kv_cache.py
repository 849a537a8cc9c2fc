"""Generation without computing anything twice."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.common.text.decoding import check_prefix, takes_likeliest

from ..compiled import take_apart
from ..layers import layer_settings, rngs_or_default
from .gpt import CausalAttention, choose_tokens


class KVCache:
    """The keys and values of an attention layer for the steps so far."""

    #: For how many steps there is room, where that is limited.
    max_len = None

    def __init__(self):
        self.keys = None
        self.values = None
        self.length = 0  # the number of steps

    def extend(self, keys, values):
        """Add steps, (batch * heads, steps, head_size); returns those of all steps."""
        if self.length:
            keys = jnp.concatenate([self.keys, keys], axis=1)
            values = jnp.concatenate([self.values, values], axis=1)
        self.keys, self.values = keys, values
        self.length = keys.shape[1]
        return keys, values


class _RoomyCache(KVCache):
    """A cache of one shape, however many steps it has: a function is compiled once.

    keys, values: (batch * heads, max_len, head_size), of which `length` are filled.
    `extend` returns all of them, so that valid lengths must tell which ones count.
    """

    def __init__(self, keys, values, length):
        self.keys, self.values, self.length = keys, values, length
        self.max_len = keys.shape[1]

    def extend(self, keys, values):
        put = partial(jax.lax.dynamic_update_slice_in_dim, axis=1)
        self.keys = put(self.keys, keys, self.length)
        self.values = put(self.values, values, self.length)
        self.length += keys.shape[1]
        return self.keys, self.values


class GQAAttention(CausalAttention):
    """Grouped queries (Ainslie et al., 2023): several heads share keys and values.

    num_kv_heads: divides num_heads; 1 is multi-query attention (Shazeer, 2019).
    rope: turn queries and keys by their positions.
    causal: do not look ahead.
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
        """As in `CausalAttention`.

        keys and values: (batch * num_kv_heads, ...).
        """
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
    check_prefix(prefix.shape[1])
    max_len = prefix.shape[1] + num_tokens
    if max_len > model.max_len:
        raise ValueError(f"a cache holds no more than max_len {model.max_len} tokens")
    rng, tokens = np.random.default_rng(seed), np.asarray(prefix)
    model.eval()
    structure, arrays = take_apart(model)
    if num_tokens and takes_likeliest(temperature, top_k):
        return _likeliest(structure, max_len, arrays, tokens)
    kept = None
    for length in range(prefix.shape[1], max_len):
        if kept is None:
            logits, kept = _first_logits(structure, max_len, arrays, tokens)
        else:
            new = tokens[:, -1:]
            logits, kept = _next_logits(structure, arrays, new, kept, length - 1)
        chosen = choose_tokens(logits, temperature, top_k, rng)
        tokens = np.concatenate([tokens, chosen.astype(tokens.dtype)], axis=1)
    return jnp.asarray(tokens)


@partial(jax.jit, static_argnums=(0, 1))
def _first_logits(structure, max_len, arrays, X):
    """The logits after X, and each block's keys and values with room for more."""
    model = structure.merge(arrays)
    caches = [KVCache() for _ in model.blks]
    logits = model(X, caches)[:, -1]
    room = (0, 0), (0, max_len - X.shape[1]), (0, 0)
    return logits, [(jnp.pad(c.keys, room), jnp.pad(c.values, room)) for c in caches]


@partial(jax.jit, static_argnums=0)
def _next_logits(structure, arrays, X, kept, length):
    """The same after one more step, (batch, 1), than the `length` that are kept."""
    caches = [_RoomyCache(*pair, length) for pair in kept]
    lens = jnp.full(len(X), length + 1)
    logits = structure.merge(arrays)(X, caches, valid_lens=lens)[:, -1]
    return logits, [(c.keys, c.values) for c in caches]


@partial(jax.jit, static_argnums=(0, 1))
def _likeliest(structure, max_len, arrays, X):
    """X and the likeliest tokens after it, `max_len` in all, in one loop."""

    def choose(logits):
        return jnp.argmax(logits, axis=-1, keepdims=True).astype(X.dtype)

    def extend(carry, length):
        new, kept = carry
        logits, kept = _next_logits(structure, arrays, new, kept, length)
        return (choose(logits), kept), new[:, 0]

    logits, kept = _first_logits(structure, max_len, arrays, X)
    lengths = jnp.arange(X.shape[1], max_len - 1)
    (last, _), found = jax.lax.scan(extend, (choose(logits), kept), lengths)
    return jnp.concatenate([X, found.T, last], axis=1)
