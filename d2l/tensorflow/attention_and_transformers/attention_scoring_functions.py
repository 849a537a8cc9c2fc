"""How well a query matches a key: scaled products and a small network."""

import math

import tensorflow as tf
from keras import layers

from ..layers import Block

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
        return tf.nn.softmax(X, axis=-1)
    if len(valid_lens.shape) == 1:
        valid_lens = valid_lens[:, None]
    positions = tf.range(X.shape[-1], dtype=valid_lens.dtype)
    is_valid = positions < valid_lens[..., None]  # (batch, queries or 1, keys)
    return tf.nn.softmax(tf.where(is_valid, X, tf.constant(MASKED, X.dtype)), axis=-1)


class DotProductAttention(Block):
    """Attention by scaled dot products (Vaswani et al., 2017).

    dropout: the probability that a weight is dropped. The weights of the last
    call, before dropout, are kept as `attention_weights`; a compiled step keeps none.
    """

    def __init__(self, dropout):
        super().__init__()
        self.dropout = layers.Dropout(dropout)
        self.attention_weights = None

    def call(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, size).
        keys: (batch, keys, size).
        values: (batch, keys, value size).
        valid_lens: as `masked_softmax` takes it.
        """
        products = tf.matmul(queries, keys, transpose_b=True)
        scores = products / math.sqrt(queries.shape[-1])
        weights = masked_softmax(scores, valid_lens)
        # A tensor of a graph would be of no use outside of it.
        if tf.executing_eagerly():
            self.attention_weights = tf.stop_gradient(weights)
        return tf.matmul(self.dropout(weights), values)


class AdditiveAttention(Block):
    """Attention scored by w_v^T tanh(W_q q + W_k k) (Bahdanau et al., 2015).

    num_hiddens: the rows of W_q and W_k, so that queries and keys may have different
        sizes.
    dropout and `attention_weights`: as in `DotProductAttention`.
    """

    def __init__(self, num_hiddens, dropout):
        super().__init__()
        self.W_k = layers.Dense(num_hiddens, use_bias=False)
        self.W_q = layers.Dense(num_hiddens, use_bias=False)
        self.w_v = layers.Dense(1, use_bias=False)
        self.dropout = layers.Dropout(dropout)
        self.attention_weights = None

    def call(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, query size).
        keys: (batch, keys, key size).
        values and valid_lens: as in `DotProductAttention`.
        """
        queries, keys = self.W_q(queries), self.W_k(keys)
        batch, num_queries, num_hiddens = queries.shape
        num_keys = keys.shape[1]
        # Every query with every key: (batch, queries * keys, num_hiddens).
        features = tf.tanh(queries[:, :, None] + keys[:, None])
        features = tf.reshape(features, (batch, num_queries * num_keys, num_hiddens))
        scores = tf.reshape(self.w_v(features), (batch, num_queries, num_keys))
        weights = masked_softmax(scores, valid_lens)
        if tf.executing_eagerly():
            self.attention_weights = tf.stop_gradient(weights)
        return tf.matmul(self.dropout(weights), values)
