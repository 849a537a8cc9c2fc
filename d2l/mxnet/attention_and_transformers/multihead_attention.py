"""Several attentions side by side (Vaswani et al., 2017)."""

from mxnet import init, np
from mxnet.gluon import nn

from ..layers import Block
from ..parameters import initialise_rest
from .attention_scoring_functions import DotProductAttention


class MultiHeadAttention(Block):
    """Scaled dot-product attention in `num_heads` projections of the inputs.

    num_hiddens: of all heads together, a multiple of num_heads.
    dropout: of attention weights.
    bias: whether the four projections have one.
    """

    def __init__(self, num_hiddens, num_heads, dropout, bias=False):
        super().__init__()
        if num_hiddens % num_heads:
            raise ValueError(
                f"{num_hiddens} values do not divide into {num_heads} heads"
            )
        self.num_heads = num_heads
        self.head_size = num_hiddens // num_heads
        self.attention = DotProductAttention(dropout)
        self.W_q = nn.Dense(num_hiddens, use_bias=bias, flatten=False)
        self.W_k = nn.Dense(num_hiddens, use_bias=bias, flatten=False)
        self.W_v = nn.Dense(num_hiddens, use_bias=bias, flatten=False)
        self.W_o = nn.Dense(num_hiddens, use_bias=bias, flatten=False)
        initialise_rest(self, init.Xavier())

    def forward(self, queries, keys, values, valid_lens=None):
        """Returns (batch, queries, num_hiddens).

        queries: (batch, queries, size).
        keys and values: (batch, keys, size), the three sizes need not be equal.
        valid_lens: (batch,), (batch, queries) or None. The weights are kept as
            `attention.attention_weights`, (batch * num_heads, queries, keys), the heads
            of an example one after the other.
        """
        queries = self.transpose_qkv(self.W_q(queries))
        keys = self.transpose_qkv(self.W_k(keys))
        values = self.transpose_qkv(self.W_v(values))
        # MXNet 1.9.1 cannot repeat nothing, the lengths of no queries.
        if valid_lens is not None and valid_lens.size:
            valid_lens = np.repeat(valid_lens, self.num_heads, axis=0)
        output = self.attention(queries, keys, values, valid_lens)
        return self.W_o(self.transpose_output(output))

    def transpose_qkv(self, X):
        """Heads into the batch: all of them attend at once.

        X: (batch, steps, heads * head_size).

        returns: (batch * heads, steps, head_size).
        """
        batch, steps, num_hiddens = X.shape
        num_heads = num_hiddens // self.head_size
        X = X.reshape((batch, steps, num_heads, self.head_size)).swapaxes(1, 2)
        return X.reshape((batch * num_heads, steps, self.head_size))

    def transpose_output(self, X):
        """Back again: (batch, steps, num_hiddens)."""
        rows, steps, _ = X.shape
        batch = rows // self.num_heads
        X = X.reshape((batch, self.num_heads, steps, self.head_size)).swapaxes(1, 2)
        return X.reshape((batch, steps, self.num_heads * self.head_size))
