"""The Transformer (Vaswani et al., 2017): attention alone, to encode and decode."""

import math

import jax.numpy as jnp
from flax import nnx

from ..layers import layer_settings, norm_settings, rngs_or_default
from ..recurrent_modern.encoder_decoder import Encoder
from .bahdanau_attention import AttentionDecoder
from .multihead_attention import MultiHeadAttention
from .self_attention_and_positional_encoding import PositionalEncoding


class PositionWiseFFN(nnx.Module):
    """The same two dense layers at every position.

    input_size: values at a position, ffn_num_outputs unless given.
    """

    def __init__(self, ffn_num_hiddens, ffn_num_outputs, *, input_size=None, rngs=None):
        settings = layer_settings(rngs)
        input_size = input_size or ffn_num_outputs
        self.dense1 = nnx.Linear(input_size, ffn_num_hiddens, **settings)
        self.relu = nnx.relu
        self.dense2 = nnx.Linear(ffn_num_hiddens, ffn_num_outputs, **settings)

    def __call__(self, X):
        """Return (batch, steps, ffn_num_outputs).

        X: (batch, steps, size).
        """
        return self.dense2(self.relu(self.dense1(X)))


class AddNorm(nnx.Module):
    """A residual connection, then layer normalisation.

    norm_shape: of what is normalised together: the last axis, or axes.
    """

    def __init__(self, norm_shape, dropout, *, rngs=None):
        self.dropout = nnx.Dropout(dropout, rngs=rngs_or_default(rngs))
        shape = (norm_shape,) if isinstance(norm_shape, int) else tuple(norm_shape)
        axes = tuple(range(-len(shape), 0))
        self.ln = nnx.LayerNorm(
            math.prod(shape),
            reduction_axes=axes,
            feature_axes=axes,
            **norm_settings(),
        )
        # Flax would keep those of several axes in a row.
        self.ln.scale = nnx.Param(jnp.ones(shape))
        self.ln.bias = nnx.Param(jnp.zeros(shape))

    def __call__(self, X, Y):
        """Return the normalised sum, of the same shape.

        X: what went into a layer.
        Y: what came out, of the same shape.
        """
        return self.ln(self.dropout(Y) + X)


class TransformerEncoderBlock(nnx.Module):
    """Self-attention and dense layers, each with a residual connection."""

    def __init__(
        self,
        num_hiddens,
        ffn_num_hiddens,
        num_heads,
        dropout,
        use_bias=False,
        *,
        rngs=None,
    ):
        rngs = rngs_or_default(rngs)
        self.attention = MultiHeadAttention(
            num_hiddens, num_heads, dropout, use_bias, rngs=rngs
        )
        self.addnorm1 = AddNorm(num_hiddens, dropout, rngs=rngs)
        self.ffn = PositionWiseFFN(ffn_num_hiddens, num_hiddens, rngs=rngs)
        self.addnorm2 = AddNorm(num_hiddens, dropout, rngs=rngs)

    def __call__(self, X, valid_lens=None):
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
        *,
        rngs=None,
    ):
        rngs = rngs_or_default(rngs)
        self.num_hiddens = num_hiddens
        # `float` is the default precision; Flax's default is 32 bits.
        self.embedding = nnx.Embed(
            vocab_size, num_hiddens, param_dtype=float, rngs=rngs
        )
        self.pos_encoding = PositionalEncoding(num_hiddens, dropout, rngs=rngs)
        settings = num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias
        self.blks = nnx.List(
            [TransformerEncoderBlock(*settings, rngs=rngs) for _ in range(num_blks)]
        )

    def __call__(self, X, valid_lens=None):
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


class TransformerDecoderBlock(nnx.Module):
    """Attention to the tokens so far, to the source, and dense layers.

    i: which of the decoder's blocks this is; its place in the state.
    """

    def __init__(
        self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i, *, rngs=None
    ):
        rngs = rngs_or_default(rngs)
        self.i = i
        attention = num_hiddens, num_heads, dropout
        self.attention1 = MultiHeadAttention(*attention, rngs=rngs)
        self.addnorm1 = AddNorm(num_hiddens, dropout, rngs=rngs)
        self.attention2 = MultiHeadAttention(*attention, rngs=rngs)
        self.addnorm2 = AddNorm(num_hiddens, dropout, rngs=rngs)
        self.ffn = PositionWiseFFN(ffn_num_hiddens, num_hiddens, rngs=rngs)
        self.addnorm3 = AddNorm(num_hiddens, dropout, rngs=rngs)

    def __call__(self, X, state):
        """Return the same shape, and a state.

        X: (batch, steps, num_hiddens).

        state: the encoder's outputs, their valid lengths, and for each block its
        inputs of all earlier steps, (batch, earlier steps, num_hiddens) or None.
        """
        enc_outputs, enc_valid_lens, earlier = state
        seen = earlier[self.i]
        key_values = X if seen is None else jnp.concatenate([seen, X], axis=1)
        state = (
            enc_outputs,
            enc_valid_lens,
            [*earlier[: self.i], key_values, *earlier[self.i + 1 :]],
        )
        # Each step attends to itself and those before it, in training and after.
        last = key_values.shape[1] + 1
        lens = jnp.arange(last - X.shape[1], last)
        lens = jnp.broadcast_to(lens, X.shape[:2])
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
        self,
        vocab_size,
        num_hiddens,
        ffn_num_hiddens,
        num_heads,
        num_blks,
        dropout,
        *,
        rngs=None,
    ):
        rngs = rngs_or_default(rngs)
        self.num_hiddens = num_hiddens
        self.embedding = nnx.Embed(
            vocab_size, num_hiddens, param_dtype=float, rngs=rngs
        )
        self.pos_encoding = PositionalEncoding(num_hiddens, dropout, rngs=rngs)
        settings = num_hiddens, ffn_num_hiddens, num_heads, dropout
        self.blks = nnx.List(
            [TransformerDecoderBlock(*settings, i, rngs=rngs) for i in range(num_blks)]
        )
        self.dense = nnx.Linear(num_hiddens, vocab_size, **layer_settings(rngs))

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """What the blocks' `__call__` takes, before any step.

        enc_all_outputs: (batch, source steps, num_hiddens).
        enc_valid_lens: (batch,).
        """
        return enc_all_outputs, enc_valid_lens, [None] * len(self.blks)

    def __call__(self, X, state):
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
