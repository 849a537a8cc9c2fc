"""Declarations: transformer block."""


class RMSNorm:
    """Features divided by their root mean square."""

    def __init__(self, num_hiddens, eps=1e-5):
        """eps: added to the mean square."""


class FeedForward:
    """Dense layers at every position."""

    def __init__(self, num_hiddens, act="swiglu", bias=False):
        """act: relu, gelu or swiglu."""


class TransformerBlock:
    """The block of today's language models."""

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
        """norm: rms or layer; the factories make other layers."""
