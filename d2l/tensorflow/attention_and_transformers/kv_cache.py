"""Generation without computing anything twice."""

import numpy as np
import tensorflow as tf
from keras import layers

from d2l.common.text.decoding import check_prefix, takes_likeliest

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
            keys = tf.concat([self.keys, keys], axis=1)
            values = tf.concat([self.values, values], axis=1)
        self.keys, self.values = keys, values
        self.length = keys.shape[1]
        return keys, values


class _RoomyCache(KVCache):
    """A cache of one shape, however many steps it has: a function is compiled once.

    keys, values: (batch * heads, max_len, head_size), of which `length` are filled.
    `extend` returns all of them, so that valid lengths must tell which ones count.
    """

    def __init__(self, keys, values, length):
        super().__init__()
        self.keys, self.values, self.length = keys, values, length
        self.max_len = keys.shape[1]

    def extend(self, keys, values):
        """Add one step, (batch * heads, 1, head_size)."""
        is_new = tf.range(self.max_len)[:, None] == self.length
        self.keys = tf.where(is_new, keys, self.keys)
        self.values = tf.where(is_new, values, self.values)
        self.length += 1
        return self.keys, self.values


class GQAAttention(CausalAttention):
    """Grouped queries (Ainslie et al., 2023): several heads share keys and values.

    num_kv_heads: divides num_heads; 1 is multi-query attention (Shazeer, 2019).
    rope: turn queries and keys by their positions.
    causal: do not look ahead.
    """

    def __init__(
        self, num_hiddens, num_heads, num_kv_heads, bias=False, rope=False, causal=True
    ):
        super().__init__(num_hiddens, num_heads, 0, bias, rope)
        if num_heads % num_kv_heads:
            raise ValueError(f"{num_heads} heads cannot share {num_kv_heads}")
        self.num_kv_heads = num_kv_heads
        self.causal = causal
        # Keras would go on to keep a layer that is only replaced.
        del self.W_k, self.W_v
        # Narrower than the queries', and so is what a cache has to keep.
        self.W_k = layers.Dense(num_kv_heads * self.head_size, use_bias=bias)
        self.W_v = layers.Dense(num_kv_heads * self.head_size, use_bias=bias)

    def attend(self, queries, keys, values, valid_lens):
        """As in `CausalAttention`.

        keys and values: (batch * num_kv_heads, ...).
        """
        # Heads next to each other share.
        group = self.num_heads // self.num_kv_heads
        keys = tf.repeat(keys, group, axis=0)
        values = tf.repeat(values, group, axis=0)
        if self.causal:
            return super().attend(queries, keys, values, valid_lens)
        if valid_lens is not None:
            valid_lens = tf.repeat(valid_lens, self.num_heads, axis=0)
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
    if num_tokens and takes_likeliest(temperature, top_k):
        return _likeliest(model, max_len, prefix)
    rng, tokens, kept = np.random.default_rng(seed), prefix, None
    for length in range(prefix.shape[1], max_len):
        if kept is None:
            logits, kept = _first_logits(model, max_len, tokens)
        else:
            last = tf.constant(length - 1)
            logits, kept = _next_logits(model, tokens[:, -1:], kept, last)
        chosen = choose_tokens(logits, temperature, top_k, rng)
        tokens = tf.concat([tokens, tf.cast(chosen, tokens.dtype)], axis=1)
    return tokens


@tf.function
def _first_logits(model, max_len, X):
    """The logits after X, and each block's keys and values with room for more."""
    caches = [KVCache() for _ in model.blks]
    logits = model(X, caches=caches, training=False)[:, -1]
    room = (0, 0), (0, max_len - X.shape[1]), (0, 0)
    return logits, [(tf.pad(c.keys, room), tf.pad(c.values, room)) for c in caches]


@tf.function
def _next_logits(model, X, kept, length):
    """The same after one more step, (batch, 1), than the `length` that are kept."""
    caches = [_RoomyCache(*pair, length) for pair in kept]
    lens = tf.fill(X.shape[:1], length + 1)
    logits = model(X, caches=caches, valid_lens=lens, training=False)[:, -1]
    return logits, [(c.keys, c.values) for c in caches]


@tf.function
def _likeliest(model, max_len, X):
    """X and the likeliest tokens after it, `max_len` in all, in one loop."""

    batch, num_steps = X.shape

    def put(logits, tokens, place):
        chosen = tf.cast(tf.argmax(logits, axis=-1), tokens.dtype)[:, None]
        return tf.where(tf.range(max_len) == place, chosen, tokens)

    def extend(length, tokens, kept):
        new = tf.slice(tokens, (0, length), (batch, 1))
        logits, kept = _next_logits(model, new, kept, length)
        return length + 1, put(logits, tokens, length + 1), kept

    logits, kept = _first_logits(model, max_len, X)
    tokens = tf.pad(X, [(0, 0), (0, max_len - num_steps)])
    state = tf.constant(num_steps), put(logits, tokens, num_steps), kept
    return tf.while_loop(lambda length, *_: length < max_len - 1, extend, state)[1]
