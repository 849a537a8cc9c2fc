"""The Transformer (Vaswani et al., 2017): attention alone, to encode and decode."""

import math

from mxnet import init, np
from mxnet.gluon import nn

from ..layers import Block, LayerNorm
from ..parameters import initialise_rest
from ..recurrent_modern.encoder_decoder import Encoder
from .bahdanau_attention import AttentionDecoder
from .multihead_attention import MultiHeadAttention
from .self_attention_and_positional_encoding import PositionalEncoding


class PositionWiseFFN(nn.HybridBlock):
    """The same two dense layers at every position."""

    def __init__(self, ffn_num_hiddens, ffn_num_outputs):
        super().__init__()
        self.dense1 = nn.Dense(ffn_num_hiddens, flatten=False)
        self.relu = nn.Activation("relu")
        self.dense2 = nn.Dense(ffn_num_outputs, flatten=False)
        initialise_rest(self, init.Xavier())

    def hybrid_forward(self, F, X):
        """Return (batch, steps, ffn_num_outputs).

        X: (batch, steps, size).
        """
        return self.dense2(self.relu(self.dense1(X)))


class _AxesNorm(nn.HybridBlock):
    # Layer normalisation of several axes, which Gluon's own layer does not know.
    def __init__(self, shape):
        super().__init__()
        self.axes = tuple(range(-len(shape), 0))
        self.weight = self.params.get("weight", shape=shape, init=init.One())
        self.bias = self.params.get("bias", shape=shape, init=init.Zero())

    def hybrid_forward(self, F, X, weight, bias):
        over = {"axis": self.axes, "keepdims": True}
        X = X - F.np.mean(X, **over)
        return X / F.np.sqrt(F.np.mean(X * X, **over) + 1e-5) * weight + bias


class AddNorm(nn.HybridBlock):
    """A residual connection, then layer normalisation.

    norm_shape: of what is normalised together: the last axis, or axes.
    """

    def __init__(self, norm_shape, dropout):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        shape = (norm_shape,) if isinstance(norm_shape, int) else tuple(norm_shape)
        is_one = len(shape) == 1
        self.ln = LayerNorm(in_channels=shape[0]) if is_one else _AxesNorm(shape)
        initialise_rest(self)

    def hybrid_forward(self, F, X, Y):
        """Return the normalised sum, of the same shape.

        X: what went into a layer.
        Y: what came out, of the same shape.
        """
        return self.ln(self.dropout(Y) + X)


class TransformerEncoderBlock(Block):
    """Self-attention and dense layers, each with a residual connection."""

    def __init__(
        self, num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias=False
    ):
        super().__init__()
        self.attention = MultiHeadAttention(num_hiddens, num_heads, dropout, use_bias)
        self.addnorm1 = AddNorm(num_hiddens, dropout)
        self.ffn = PositionWiseFFN(ffn_num_hiddens, num_hiddens)
        self.addnorm2 = AddNorm(num_hiddens, dropout)

    def forward(self, X, valid_lens=None):
        """Return X's shape.

        X: (batch, steps, num_hiddens).
        valid_lens: (batch,).
        """
        Y = self.addnorm1(X, self.attention(X, X, X, valid_lens))
        return self.addnorm2(Y, self.ffn(Y))


class TransformerEncoder(Encoder):
    """Embeddings, positions and `num_blks` blocks.

    ffn_num_hiddens: of the dense layers inside a block.
    dropout: after positions, on attention weights, and before every residual sum.
    """

    def __init__(
        self,
        vocab_size,
        num_hiddens,
        ffn_num_hiddens,
        num_heads,
        num_blks,
        dropout,
        use_bias=False,
    ):
        super().__init__()
        self.num_hiddens = num_hiddens
        # MXNet's own default is uniform in +-0.07.
        normal = {"weight_initializer": init.Normal(sigma=1)}
        self.embedding = nn.Embedding(vocab_size, num_hiddens, **normal)
        self.pos_encoding = PositionalEncoding(num_hiddens, dropout)
        settings = num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias
        self.blks = nn.Sequential()
        self.blks.add(*[TransformerEncoderBlock(*settings) for _ in range(num_blks)])
        initialise_rest(self)

    def forward(self, X, valid_lens=None):
        """Return (batch, steps, num_hiddens).

        X: tokens, (batch, steps).
        """
        # Scaled, so that positions do not drown the embeddings.
        X = self.pos_encoding(self.embedding(X) * math.sqrt(self.num_hiddens))
        for blk in self.blks:
            X = blk(X, valid_lens)
        return X

    @property
    def attention_weights(self):
        """Of the last call, for each block: (batch * num_heads, steps, steps)."""
        return [blk.attention.attention.attention_weights for blk in self.blks]


class TransformerDecoderBlock(Block):
    """Attention to the tokens so far, to the source, and dense layers.

    i: which of the decoder's blocks this is; its place in the state.
    """

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        super().__init__()
        self.i = i
        self.attention1 = MultiHeadAttention(num_hiddens, num_heads, dropout)
        self.addnorm1 = AddNorm(num_hiddens, dropout)
        self.attention2 = MultiHeadAttention(num_hiddens, num_heads, dropout)
        self.addnorm2 = AddNorm(num_hiddens, dropout)
        self.ffn = PositionWiseFFN(ffn_num_hiddens, num_hiddens)
        self.addnorm3 = AddNorm(num_hiddens, dropout)

    def forward(self, X, state):
        """Return the same shape, and a state.

        X: (batch, steps, num_hiddens).

        state: the encoder's outputs, their valid lengths, and for each block its
        inputs of all earlier steps, (batch, earlier steps, num_hiddens) or None.
        """
        enc_outputs, enc_valid_lens, earlier = state
        seen = earlier[self.i]
        key_values = X if seen is None else np.concatenate([seen, X], axis=1)
        state = (
            enc_outputs,
            enc_valid_lens,
            [*earlier[: self.i], key_values, *earlier[self.i + 1 :]],
        )
        # Each step attends to itself and those before it, in training and after.
        last = key_values.shape[1] + 1
        lens = np.arange(last - X.shape[1], last, dtype="int32", ctx=X.ctx)
        lens = np.broadcast_to(lens, X.shape[:2])
        Y = self.addnorm1(X, self.attention1(X, key_values, key_values, lens))
        Y2 = self.attention2(Y, enc_outputs, enc_outputs, enc_valid_lens)
        Z = self.addnorm2(Y, Y2)
        return self.addnorm3(Z, self.ffn(Z)), state


class TransformerDecoder(AttentionDecoder):
    """Embeddings, positions, `num_blks` blocks, and a dense layer for the logits.

    Tokens are numbered from the beginning of the sequence, also where they come
    one at a time: a step by itself gives what it gives among all others.
    """

    def __init__(
        self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, dropout
    ):
        super().__init__()
        self.num_hiddens = num_hiddens
        # MXNet's own default is uniform in +-0.07.
        normal = {"weight_initializer": init.Normal(sigma=1)}
        self.embedding = nn.Embedding(vocab_size, num_hiddens, **normal)
        self.pos_encoding = PositionalEncoding(num_hiddens, dropout)
        settings = num_hiddens, ffn_num_hiddens, num_heads, dropout
        self.blks = nn.Sequential()
        self.blks.add(*[TransformerDecoderBlock(*settings, i) for i in range(num_blks)])
        self.dense = nn.Dense(vocab_size, flatten=False)
        initialise_rest(self, init.Xavier())

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """What the blocks' `forward` takes, before any step.

        enc_all_outputs: (batch, source steps, num_hiddens).
        enc_valid_lens: (batch,).
        """
        return enc_all_outputs, enc_valid_lens, [None] * len(self.blks)

    def forward(self, X, state):
        """Return (batch, steps, vocab) and a state.

        X: tokens, (batch, steps).
        """
        seen = state[2][0]
        offset = 0 if seen is None else seen.shape[1]
        X = self.embedding(X) * math.sqrt(self.num_hiddens)
        X = self.pos_encoding(X, offset)
        for blk in self.blks:
            X, state = blk(X, state)
        return self.dense(X), state

    @property
    def attention_weights(self):
        """Of the last call: to the tokens so far, and to the source.

        For each of the two a list with one entry a block: (batch * num_heads,
        steps, keys).
        """
        return [
            [blk.attention1.attention.attention_weights for blk in self.blks],
            [blk.attention2.attention.attention_weights for blk in self.blks],
        ]
