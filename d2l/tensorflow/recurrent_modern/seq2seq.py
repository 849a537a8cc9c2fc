"""Translation from sequence to sequence (Sutskever et al., 2014; Cho et al., 2014)."""

import keras
import tensorflow as tf
from keras import layers

from d2l.common.text.scores import bleu, chrf

from ..optimizers import adam
from ..recurrent import Recurrent
from ..tensor import swapaxes
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
    xavier = keras.initializers.GlorotUniform()
    if isinstance(module, layers.Dense):
        module.kernel.assign(xavier(module.kernel.shape, module.kernel.dtype))
    if isinstance(module, Recurrent):
        for parameter in module.weights:
            if "weight" in parameter.name:
                parameter.assign(xavier(parameter.shape, parameter.dtype))


class Seq2SeqEncoder(Encoder):
    """An embedding and GRU layers.

    embed_size: values of a token's embedding.
    dropout: the probability between layers.
    """

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = layers.Embedding(vocab_size, embed_size)
        self.rnn = GRU(embed_size, num_hiddens, num_layers, dropout)
        init_seq2seq(self.rnn.rnn)

    def forward(self, X, *args):
        """Return what the GRU does.

        X: (batch, num_steps).

        That is (num_steps, batch, num_hiddens) and the last state of every layer,
        (num_layers, batch, num_hiddens).
        """
        return self.rnn(self.embedding(tf.transpose(X)))


class Seq2SeqDecoder(Decoder):
    """GRU layers that see the source's last state, the context, at every step."""

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.embedding = layers.Embedding(vocab_size, embed_size)
        self.rnn = GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout)
        self.dense = layers.Dense(vocab_size)  # Keras's own start is Xavier's.
        init_seq2seq(self.rnn.rnn)

    def init_state(self, enc_all_outputs, *args):
        """The context, (batch, num_hiddens), and the encoder's last state."""
        enc_outputs, hidden_state = enc_all_outputs
        return enc_outputs[-1], hidden_state

    def forward(self, X, state):
        """Return (batch, num_steps, vocab) and a state.

        X: (batch, num_steps).
        """
        context, hidden_state = state
        embeddings = self.embedding(tf.transpose(X))
        contexts = tf.repeat(context[None], embeddings.shape[0], axis=0)
        outputs, hidden_state = self.rnn(
            tf.concat([embeddings, contexts], axis=-1), hidden_state
        )
        return swapaxes(self.dense(outputs), 0, 1), (context, hidden_state)


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
        mask = tf.cast(tf.reshape(Y, [-1]) != self.tgt_pad, losses.dtype)
        return tf.reduce_sum(losses * mask) / tf.reduce_sum(mask)

    def configure_optimizers(self):
        """Adam."""
        return adam(self, self.lr)
