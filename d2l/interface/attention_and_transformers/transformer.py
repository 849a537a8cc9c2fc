"""Declarations: transformer."""


class PositionWiseFFN:
    """The same two dense layers at every position."""

    def __init__(self, ffn_num_hiddens, ffn_num_outputs):
        """The sizes of the two."""


class AddNorm:
    """A residual connection, then layer normalisation."""

    def __init__(self, norm_shape, dropout):
        """norm_shape: of what is normalised together."""


class TransformerEncoderBlock:
    """Self-attention and dense layers."""

    def __init__(
        self, num_hiddens, ffn_num_hiddens, num_heads, dropout, use_bias=False
    ):
        """use_bias: of attention."""


class TransformerEncoder:
    """Embeddings, positions and blocks."""

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
        """num_blks: the number of blocks; the others as for a block."""


class TransformerDecoderBlock:
    """Attention to the tokens so far, to the source, and dense layers."""

    def __init__(self, num_hiddens, ffn_num_hiddens, num_heads, dropout, i):
        """i: the block's place in the decoder."""


class TransformerDecoder:
    """Embeddings, positions, blocks and logits."""

    def __init__(
        self, vocab_size, num_hiddens, ffn_num_hiddens, num_heads, num_blks, dropout
    ):
        """num_blks: the number of blocks; the others as for a block."""

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """The state before the first step."""
