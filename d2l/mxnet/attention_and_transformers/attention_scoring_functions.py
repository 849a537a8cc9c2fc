"""How well a query matches a key: scaled products and a small network."""

import math

from mxnet import init, np, npx
from mxnet.gluon import nn

from ..layers import Block
from ..parameters import initialise_rest

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
    # MXNet's `where` fails, or makes up a query, if there is no query or no key.
    if valid_lens is None or X.size == 0:
        return npx.softmax(X, axis=-1)
    if valid_lens.ndim == 1:
        valid_lens = np.expand_dims(valid_lens, 1)
    # MXNet compares only arrays of the same data type.
    positions = np.arange(X.shape[-1], dtype=valid_lens.dtype, ctx=X.ctx)
    # (batch, queries or 1, keys)
    is_valid = positions < np.expand_dims(valid_lens, -1)
    # An array: the gradient of `where` is wrong in MXNet 1.9.1 if one side is a number.
    masked = np.full((1,), MASKED, dtype=X.dtype, ctx=X.ctx)
    return npx.softmax(np.where(is_valid, X, masked), axis=-1)


class DotProductAttention(Block):
    """Attention by scaled dot products (Vaswani et al., 2017).

    dropout: the probability that a weight is dropped. The weights of the last
    call, before dropout, are kept as `attention_weights`.
    """

    def __init__(self, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, size).
        keys: (batch, keys, size).
        values: (batch, keys, value size).
        valid_lens: as `masked_softmax` takes it.
        """
        scores = npx.batch_dot(queries, keys, transpose_b=True)
        weights = masked_softmax(scores / math.sqrt(queries.shape[-1]), valid_lens)
        self.attention_weights = weights.detach()
        return npx.batch_dot(self.dropout(weights), values)


class AdditiveAttention(Block):
    """Attention scored by w_v^T tanh(W_q q + W_k k) (Bahdanau et al., 2015).

    num_hiddens: the rows of W_q and W_k, so that queries and keys may have different
        sizes.
    dropout and `attention_weights`: as in `DotProductAttention`.
    """

    def __init__(self, num_hiddens, dropout):
        super().__init__()
        self.W_k = nn.Dense(num_hiddens, use_bias=False, flatten=False)
        self.W_q = nn.Dense(num_hiddens, use_bias=False, flatten=False)
        self.w_v = nn.Dense(1, use_bias=False, flatten=False)
        self.dropout = nn.Dropout(dropout)
        self.attention_weights = None
        initialise_rest(self, init.Xavier())

    def forward(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, query size).
        keys: (batch, keys, key size).
        values and valid_lens: as in `DotProductAttention`.
        """
        queries, keys = self.W_q(queries), self.W_k(keys)
        batch, num_queries, num_hiddens = queries.shape
        num_keys = keys.shape[1]
        # Every query with every key: (batch, queries * keys, num_hiddens).
        features = np.tanh(np.expand_dims(queries, 2) + np.expand_dims(keys, 1))
        features = features.reshape((batch, num_queries * num_keys, num_hiddens))
        scores = self.w_v(features).reshape((batch, num_queries, num_keys))
        weights = masked_softmax(scores, valid_lens)
        self.attention_weights = weights.detach()
        return npx.batch_dot(self.dropout(weights), values)
