"""How well a query matches a key: scaled products and a small network."""

import math

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import layer_settings, rngs_or_default

#: What takes the place of masked scores. Finite, so that a query without any
#: valid key gets equal weights and not nan.
MASKED = -1e6


def masked_softmax(X, valid_lens):
    """Softmax along the last axis over the first keys of each query alone.

    X: scores, (batch, queries, keys).
    valid_lens: how many keys count, integers of shape (batch,) or (batch, queries), or
        None for all. The others get the weight 0; where the length is 0, all keys get
        the same weight.
    """
    if valid_lens is None:
        return nnx.softmax(X, axis=-1)
    if valid_lens.ndim == 1:
        valid_lens = valid_lens[:, None]
    positions = jnp.arange(X.shape[-1])
    is_valid = positions < valid_lens[..., None]  # (batch, queries or 1, keys)
    return nnx.softmax(jnp.where(is_valid, X, MASKED), axis=-1)


class DotProductAttention(nnx.Module):
    """Attention by scaled dot products (Vaswani et al., 2017).

    dropout: the probability that a weight is dropped. The weights of the last
    call, before dropout, are kept as `attention_weights`.
    """

    def __init__(self, dropout, *, rngs=None):
        self.dropout = nnx.Dropout(dropout, rngs=rngs_or_default(rngs))
        # Flax must know that there will be an array.
        self.attention_weights = nnx.data(None)

    def __call__(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, size).
        keys: (batch, keys, size).
        values: (batch, keys, value size).
        valid_lens: as `masked_softmax` takes it.
        """
        scores = queries @ keys.swapaxes(1, 2) / math.sqrt(queries.shape[-1])
        weights = masked_softmax(scores, valid_lens)
        self.attention_weights = jax.lax.stop_gradient(weights)
        return self.dropout(weights) @ values


class AdditiveAttention(nnx.Module):
    """Attention scored by w_v^T tanh(W_q q + W_k k) (Bahdanau et al., 2015).

    num_hiddens: the rows of W_q and W_k, so that queries and keys may have different
        sizes.
    dropout and `attention_weights`: as in `DotProductAttention`.
    query_size, key_size: values of a query and of a key, num_hiddens unless given.
    """

    def __init__(
        self, num_hiddens, dropout, *, query_size=None, key_size=None, rngs=None
    ):
        rngs = rngs_or_default(rngs)
        settings = {"use_bias": False} | layer_settings(rngs)
        self.W_k = nnx.Linear(key_size or num_hiddens, num_hiddens, **settings)
        self.W_q = nnx.Linear(query_size or num_hiddens, num_hiddens, **settings)
        self.w_v = nnx.Linear(num_hiddens, 1, **settings)
        self.dropout = nnx.Dropout(dropout, rngs=rngs)
        self.attention_weights = nnx.data(None)

    def __call__(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, query size).
        keys: (batch, keys, key size).
        values and valid_lens: as in `DotProductAttention`.
        """
        queries, keys = self.W_q(queries), self.W_k(keys)
        batch, num_queries, num_hiddens = queries.shape
        num_keys = keys.shape[1]
        # Every query with every key: (batch, queries * keys, num_hiddens).
        features = jnp.tanh(queries[:, :, None] + keys[:, None])
        features = features.reshape((batch, num_queries * num_keys, num_hiddens))
        scores = self.w_v(features).reshape((batch, num_queries, num_keys))
        weights = masked_softmax(scores, valid_lens)
        self.attention_weights = jax.lax.stop_gradient(weights)
        return self.dropout(weights) @ values
