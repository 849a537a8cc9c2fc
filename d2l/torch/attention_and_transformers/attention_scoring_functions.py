"""How well a query matches a key: scaled products and a small network."""

import math

import torch
from torch import nn

from ..layers import Dropout

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
        return torch.softmax(X, dim=-1)
    if valid_lens.dim() == 1:
        valid_lens = valid_lens[:, None]
    positions = torch.arange(X.shape[-1], device=X.device)
    is_valid = positions < valid_lens[..., None]  # (batch, queries or 1, keys)
    return torch.softmax(torch.where(is_valid, X, MASKED), dim=-1)


class DotProductAttention(nn.Module):
    """Attention by scaled dot products (Vaswani et al., 2017).

    dropout: the probability that a weight is dropped. The weights of the last
    call, before dropout, are kept as `attention_weights`.
    """

    def __init__(self, dropout):
        super().__init__()
        self.dropout = Dropout(dropout)
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, size).
        keys: (batch, keys, size).
        values: (batch, keys, value size).
        valid_lens: as `masked_softmax` takes it.
        """
        scores = torch.bmm(queries, keys.swapaxes(1, 2)) / math.sqrt(queries.shape[-1])
        weights = masked_softmax(scores, valid_lens)
        self.attention_weights = weights.detach()
        return torch.bmm(self.dropout(weights), values)


class AdditiveAttention(nn.Module):
    """Attention scored by w_v^T tanh(W_q q + W_k k) (Bahdanau et al., 2015).

    num_hiddens: the rows of W_q and W_k, so that queries and keys may have different
        sizes.
    dropout and `attention_weights`: as in `DotProductAttention`.
    """

    def __init__(self, num_hiddens, dropout):
        super().__init__()
        self.W_k = nn.LazyLinear(num_hiddens, bias=False)
        self.W_q = nn.LazyLinear(num_hiddens, bias=False)
        self.w_v = nn.LazyLinear(1, bias=False)
        self.dropout = Dropout(dropout)
        self.attention_weights = None

    def forward(self, queries, keys, values, valid_lens=None):
        """Averages of the values, (batch, queries, value size); without keys, zeros.

        queries: (batch, queries, query size).
        keys: (batch, keys, key size).
        values and valid_lens: as in `DotProductAttention`.
        """
        queries, keys = self.W_q(queries), self.W_k(keys)
        # Every query with every key: (batch, queries * keys, num_hiddens).
        features = torch.tanh(queries[:, :, None] + keys[:, None]).flatten(1, 2)
        scores = self.w_v(features).reshape(*queries.shape[:2], keys.shape[1])
        weights = masked_softmax(scores, valid_lens)
        self.attention_weights = weights.detach()
        return torch.bmm(self.dropout(weights), values)
