"""Translation from sequence to sequence (Sutskever et al., 2014; Cho et al., 2014)."""

from mxnet import init, np
from mxnet.gluon import nn, rnn

from d2l.common.text.scores import bleu, chrf

from ..optimizers import adam
from .encoder_decoder import Decoder, Encoder, EncoderDecoder
from .gru import GRU

__all__ = [
    "Seq2Seq",
    "Seq2SeqDecoder",
    "Seq2SeqEncoder",
    "bleu",
    "chrf",
    "init_seq2seq",
]


def init_seq2seq(module):
    """Fill the weights of a dense or recurrent layer by Xavier's uniform rule."""
    if isinstance(module, (nn.Dense, rnn.RNN, rnn.LSTM, rnn.GRU)):
        for weight in module.collect_params(".*weight").values():
            weight.initialize(init.Xavier(), weight.list_ctx(), force_reinit=True)


class Seq2SeqEncoder(Encoder):
    """An embedding and GRU layers.

    embed_size: values of a token's embedding.
    dropout: the probability between layers.
    """

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = GRU(embed_size, num_hiddens, num_layers, dropout)
        # MXNet's own default is uniform in +-0.07.
        self.embedding.initialize(init.Normal(sigma=1))
        self.apply(init_seq2seq)

    def forward(self, X, *args):
        """Return what the GRU does.

        X: (batch, num_steps).

        That is (num_steps, batch, num_hiddens) and the last state of every layer,
        (num_layers, batch, num_hiddens).
        """
        return self.rnn(self.embedding(X.T))


class Seq2SeqDecoder(Decoder):
    """GRU layers that see the source's last state, the context, at every step."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout)
        self.dense = nn.Dense(vocab_size, flatten=False, in_units=num_hiddens)
        self.embedding.initialize(init.Normal(sigma=1))
        self.dense.initialize()
        self.apply(init_seq2seq)

    def init_state(self, enc_all_outputs, *args):
        """The context, (batch, num_hiddens), and the encoder's last state."""
        enc_outputs, hidden_state = enc_all_outputs
        return enc_outputs[-1], hidden_state

    def forward(self, X, state):
        """Return (batch, num_steps, vocab) and a state.

        X: (batch, num_steps).
        """
        context, hidden_state = state
        embeddings = self.embedding(X.T)
        contexts = np.broadcast_to(context, (len(embeddings), *context.shape))
        outputs, hidden_state = self.rnn(
            np.concatenate([embeddings, contexts], axis=-1), hidden_state
        )
        return self.dense(outputs).swapaxes(0, 1), (context, hidden_state)


class Seq2Seq(EncoderDecoder):
    """An encoder-decoder trained by Adam; what is "<pad>" does not count.

    tgt_pad: the index of "<pad>" in the target vocabulary.
    lr: the learning rate.
    """

    def __init__(self, encoder, decoder, tgt_pad, lr):
        super().__init__(encoder, decoder)
        self.save_hyperparameters()

    def validation_step(self, batch):
        """Plot the loss of a batch (src, tgt, src_valid_len, label)."""
        Y_hat = self(*batch[:-1])
        self.plot("loss", self.loss(Y_hat, batch[-1]), train=False)

    def loss(self, Y_hat, Y):
        """Cross-entropy, averaged over the labels that are not "<pad>"."""
        losses = super().loss(Y_hat, Y, averaged=False)
        mask = (Y.reshape(-1) != self.tgt_pad).astype(losses.dtype)
        return (losses * mask).sum() / mask.sum()

    def configure_optimizers(self):
        """Adam."""
        return adam(self, self.lr)
