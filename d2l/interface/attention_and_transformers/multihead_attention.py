"""Declarations: multihead attention."""


class MultiHeadAttention:
    """Several attentions side by side."""

    def __init__(self, num_hiddens, num_heads, dropout, bias=False):
        """num_hiddens: of all heads together."""

    def transpose_qkv(self, X):
        """Heads into the batch."""

    def transpose_output(self, X):
        """Heads out of the batch."""
