"""The block that language models are made of today."""

import torch
from torch import nn

from ..layers import Dropout
from .multihead_attention import MultiHeadAttention


class RMSNorm(nn.RMSNorm):
    """Features divided by their root mean square (Zhang and Sennrich, 2019).

    Called with (..., num_hiddens), it returns the same shape.
    """

    def __init__(self, num_hiddens, eps=1e-5):
        super().__init__(num_hiddens, eps)


class FeedForward(nn.Module):
    """Dense layers at every position.

    act: "relu" or "gelu" between two layers of 4 num_hiddens, or "swiglu" (Shazeer,
    2020): a third layer's SiLU is a factor, and 8/3 num_hiddens are as many weights.
    """

    def __init__(self, num_hiddens, act="swiglu", bias=False):
        super().__init__()
        if act not in ("relu", "gelu", "swiglu"):
            raise ValueError(f"act must be relu, gelu or swiglu, not {act!r}")
        self.act = act
        width = 8 * num_hiddens // 3 if act == "swiglu" else 4 * num_hiddens
        self.dense1 = nn.LazyLinear(width, bias=bias)
        if act == "swiglu":
            self.gate = nn.LazyLinear(width, bias=bias)
        self.dense2 = nn.LazyLinear(num_hiddens, bias=bias)

    def forward(self, X):
        """Return the same shape.

        X: (..., num_hiddens).
        """
        H = self.dense1(X)
        if self.act == "swiglu":
            return self.dense2(nn.functional.silu(self.gate(X)) * H)
        if self.act == "gelu":
            return self.dense2(nn.functional.gelu(H, approximate="none"))
        return self.dense2(torch.relu(H))


def make_norm(norm, num_hiddens):
    """A normalisation of features by name: "rms" or "layer"."""
    if norm == "rms":
        return RMSNorm(num_hiddens)
    if norm == "layer":
        return nn.LayerNorm(num_hiddens, eps=1e-5)
    raise ValueError(f"norm must be rms or layer, not {norm!r}")


class TransformerBlock(nn.Module):
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
    ):
        super().__init__()
        self.pre_norm = pre_norm
        self.norm1 = make_norm(norm, num_hiddens)
        self.attention = (
            attn_factory()
            if attn_factory
            else MultiHeadAttention(num_hiddens, num_heads, dropout, bias)
        )
        self.norm2 = make_norm(norm, num_hiddens)
        self.ffn = ffn_factory() if ffn_factory else FeedForward(num_hiddens, act, bias)
        self.dropout = Dropout(dropout)

    def forward(self, X, valid_lens=None, **kwargs):
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
