"""The block that language models are made of today."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import layer_settings, norm_settings, rngs_or_default
from .multihead_attention import MultiHeadAttention


class RMSNorm(nnx.Module):
    """Features divided by their root mean square (Zhang and Sennrich, 2019)."""

    def __init__(self, num_hiddens, eps=1e-5):
        self.eps = eps
        self.weight = nnx.Param(jnp.ones(num_hiddens))

    def __call__(self, X):
        """Return the same shape.

        X: (..., num_hiddens).
        """
        mean_square = (X * X).mean(axis=-1, keepdims=True)
        return X * jax.lax.rsqrt(mean_square + self.eps) * self.weight[...]


class FeedForward(nnx.Module):
    """Dense layers at every position.

    act: "relu" or "gelu" between two layers of 4 num_hiddens, or "swiglu" (Shazeer,
    2020): a third layer's SiLU is a factor, and 8/3 num_hiddens are as many weights.
    """

    def __init__(self, num_hiddens, act="swiglu", bias=False, *, rngs=None):
        if act not in ("relu", "gelu", "swiglu"):
            raise ValueError(f"act must be relu, gelu or swiglu, not {act!r}")
        settings = {"use_bias": bias} | layer_settings(rngs)
        self.act = act
        width = 8 * num_hiddens // 3 if act == "swiglu" else 4 * num_hiddens
        self.dense1 = nnx.Linear(num_hiddens, width, **settings)
        if act == "swiglu":
            self.gate = nnx.Linear(num_hiddens, width, **settings)
        self.dense2 = nnx.Linear(width, num_hiddens, **settings)

    def __call__(self, X):
        """Return the same shape.

        X: (..., num_hiddens).
        """
        H = self.dense1(X)
        if self.act == "swiglu":
            return self.dense2(nnx.silu(self.gate(X)) * H)
        if self.act == "gelu":
            # The exact function: Flax's default is its approximation by tanh.
            return self.dense2(nnx.gelu(H, approximate=False))
        return self.dense2(nnx.relu(H))


def make_norm(norm, num_hiddens):
    """A normalisation of features by name: "rms" or "layer"."""
    if norm == "rms":
        return RMSNorm(num_hiddens)
    if norm == "layer":
        return nnx.LayerNorm(num_hiddens, **norm_settings())
    raise ValueError(f"norm must be rms or layer, not {norm!r}")


class TransformerBlock(nnx.Module):
    """Self-attention and dense layers, each with a residual connection.

    norm: "rms" or "layer".
    act: as in `FeedForward`.
    pre_norm: normalise what goes into a layer, instead of the sum with what comes out.
    bias: of dense layers.
    attn_factory, ffn_factory: functions without arguments that make other layers in the
        place of `MultiHeadAttention` and `FeedForward`.
    """

    def __init__(
        self,
        num_hiddens,
        num_heads,
        dropout=0,
        norm="rms",
        act="swiglu",
        pre_norm=True,
        bias=False,
        attn_factory=None,
        ffn_factory=None,
        *,
        rngs=None,
    ):
        rngs = rngs_or_default(rngs)
        self.pre_norm = pre_norm
        self.norm1 = make_norm(norm, num_hiddens)
        self.attention = (
            attn_factory()
            if attn_factory
            else MultiHeadAttention(num_hiddens, num_heads, dropout, bias, rngs=rngs)
        )
        self.norm2 = make_norm(norm, num_hiddens)
        self.ffn = (
            ffn_factory()
            if ffn_factory
            else FeedForward(num_hiddens, act, bias, rngs=rngs)
        )
        self.dropout = nnx.Dropout(dropout, rngs=rngs)

    def __call__(self, X, valid_lens=None, **kwargs):
        """Return the same shape.

        X: (batch, steps, num_hiddens).

        valid_lens: (batch,), (batch, steps) or None.
        kwargs: further arguments of the attention.
        """

        def attend(Y):
            return self.attention(Y, Y, Y, valid_lens, **kwargs)

        X = self._residual(X, attend, self.norm1)
        return self._residual(X, self.ffn, self.norm2)

    def _residual(self, X, layer, norm):
        if self.pre_norm:
            return X + self.dropout(layer(norm(X)))
        return norm(X + self.dropout(layer(X)))
