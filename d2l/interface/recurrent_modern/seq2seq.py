"""Declarations: seq2seq."""


def init_seq2seq(module):
    """Xavier's uniform rule for dense and recurrent layers."""


class Seq2SeqEncoder:
    """An embedding and GRU layers."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        """Sizes of the parts."""


class Seq2SeqDecoder:
    """GRU layers that see the context at every step."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        """Sizes of the parts."""

    def init_state(self, enc_all_outputs, *args):
        """The context and the encoder's last state."""


class Seq2Seq:
    """The encoder-decoder with its loss and its optimizer."""

    def __init__(self, encoder, decoder, tgt_pad, lr):
        """tgt_pad: the index that does not count."""

    def validation_step(self, batch):
        """Plot the loss of a batch."""

    def loss(self, Y_hat, Y):
        """Cross-entropy of what is not padding."""

    def configure_optimizers(self):
        """Adam."""


def bleu(pred_seq, label_seq, k):
    """BLEU of a sentence."""


def chrf(pred, label, n=6, beta=2):
    """The character n-gram F-score of a sentence."""
