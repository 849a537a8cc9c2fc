"""Declarations: gated, deep and bidirectional recurrent networks, translation."""


class LSTMScratch:
    """An LSTM layer from scratch."""

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, inputs, H_C=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), (H, C)."""


class LSTM:
    """LSTM layers of the framework's own."""

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0):
        """dropout: between layers."""

    def forward(self, inputs, H_C=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), (H, C)."""


class GRUScratch:
    """A GRU layer from scratch."""

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, inputs, H=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), H."""


class GRU:
    """GRU layers of the framework's own."""

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0):
        """dropout: between layers."""


class StackedRNNScratch:
    """Recurrent layers from scratch on top of each other."""

    def __init__(self, num_inputs, num_hiddens, num_layers, sigma=0.01):
        """num_layers: how many."""

    def forward(self, inputs, Hs=None):
        """The top layer's hidden states, and the last of each layer."""


class BiRNNScratch:
    """Two recurrent layers from scratch, in opposite directions."""

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        """num_hiddens: of each direction."""

    def forward(self, inputs, Hs=None):
        """Both layers' hidden states, and where each of them ends."""


class BiGRU:
    """A GRU layer in both directions of the framework's own."""

    def __init__(self, num_inputs, num_hiddens):
        """num_hiddens: of each direction."""


class MTFraEng:
    """Sentences and their translations."""

    def __init__(self, batch_size, num_steps=9, num_train=512, num_val=128):
        """num_steps: the length that sentences are brought to."""

    def build(self, src_sentences, tgt_sentences):
        """Sentences as a batch."""

    def get_dataloader(self, train):
        """Batches (src, tgt, src_valid_len, label)."""


def show_list_len_pair_hist(legend, xlabel, ylabel, xlist, ylist):
    """Histograms of the lengths of two lists of sequences."""


class Encoder:
    """The base class of encoders."""


class Decoder:
    """The base class of decoders."""

    def init_state(self, enc_all_outputs, *args):
        """The state to start from."""


class EncoderDecoder:
    """An encoder and a decoder."""

    def __init__(self, encoder, decoder):
        """The two parts."""

    def forward(self, enc_X, dec_X, *args):
        """The decoder's logits, (batch, num_steps, vocab)."""

    def predict_step(self, batch, device, num_steps, save_attention_weights=False):
        """Translate a batch: tokens, (batch, num_steps), and attention weights."""


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
