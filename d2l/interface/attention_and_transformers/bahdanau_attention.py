"""Declarations: bahdanau attention."""


class AttentionDecoder:
    """The base class of decoders that attend."""


class Seq2SeqAttentionDecoder:
    """Recurrent layers that attend to the source."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        """As `Seq2SeqDecoder`."""

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """The state before the first step."""
