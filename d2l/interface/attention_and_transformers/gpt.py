"""Declarations: gpt."""


class CausalAttention:
    """Multi-head attention that does not look ahead."""

    def __init__(self, num_hiddens, num_heads, dropout=0, bias=False, rope=False):
        """rope: whether positions turn queries and keys."""


class GPT:
    """A language model."""

    def __init__(
        self,
        vocab_size,
        num_hiddens=256,
        num_heads=8,
        num_blks=6,
        max_len=1024,
        pos="rope",
        norm="rms",
        act="swiglu",
        pre_norm=True,
        bias=False,
        dropout=0,
        attn_factory=None,
        ffn_factory=None,
    ):
        """pos: rope, learned or sinusoidal."""

    def generate(self, prefix, num_tokens, temperature=1.0, top_k=None):
        """Sequences continued."""


class TransformerLM:
    """A language model to train."""

    def __init__(self, net, lr=0.001):
        """net: from tokens to logits."""
