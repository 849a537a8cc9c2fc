"""Translation from sequence to sequence (Sutskever et al., 2014; Cho et al., 2014)."""

import jax.numpy as jnp
from flax import nnx

from d2l.common.text.scores import bleu, chrf

from ..layers import layer_settings, rngs_or_default
from ..optimizers import adam
from ..recurrent import RecurrentLayers
from ..structure import variables, walk
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


def init_seq2seq(module, *, rngs=None):
    """Fill the weights of a dense or recurrent layer by Xavier's uniform rule."""
    if isinstance(module, nnx.Linear | RecurrentLayers):
        rngs = rngs_or_default(rngs)
        xavier = nnx.initializers.xavier_uniform()
        for _, variable in variables(module):
            if variable.ndim == 2:
                variable[...] = xavier(rngs.params(), variable.shape, variable.dtype)


class Seq2SeqEncoder(Encoder):
    """An embedding and GRU layers.

    embed_size: values of a token's embedding.
    dropout: the probability between layers.
    """

    def __init__(
        self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0, *, rngs=None
    ):
        rngs = rngs_or_default(rngs)
        # `float` is the default precision; Flax's default is 32 bits.
        self.embedding = nnx.Embed(vocab_size, embed_size, param_dtype=float, rngs=rngs)
        self.rnn = GRU(embed_size, num_hiddens, num_layers, dropout, rngs=rngs)
        for _, module in walk(self):
            init_seq2seq(module, rngs=rngs)

    def __call__(self, X, *args):
        """Return what the GRU does.

        X: (batch, num_steps).

        That is (num_steps, batch, num_hiddens) and the last state of every layer,
        (num_layers, batch, num_hiddens).
        """
        return self.rnn(self.embedding(X.T))


class Seq2SeqDecoder(Decoder):
    """GRU layers that see the source's last state, the context, at every step."""

    def __init__(
        self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0, *, rngs=None
    ):
        rngs = rngs_or_default(rngs)
        self.embedding = nnx.Embed(vocab_size, embed_size, param_dtype=float, rngs=rngs)
        num_inputs = embed_size + num_hiddens
        self.rnn = GRU(num_inputs, num_hiddens, num_layers, dropout, rngs=rngs)
        self.dense = nnx.Linear(num_hiddens, vocab_size, **layer_settings(rngs))
        for _, module in walk(self):
            init_seq2seq(module, rngs=rngs)

    def init_state(self, enc_all_outputs, *args):
        """The context, (batch, num_hiddens), and the encoder's last state."""
        enc_outputs, hidden_state = enc_all_outputs
        return enc_outputs[-1], hidden_state

    def __call__(self, X, state):
        """Return (batch, num_steps, vocab) and a state.

        X: (batch, num_steps).
        """
        context, hidden_state = state
        embeddings = self.embedding(X.T)
        contexts = jnp.broadcast_to(context, (len(embeddings), *context.shape))
        outputs, hidden_state = self.rnn(
            jnp.concatenate([embeddings, contexts], axis=-1), hidden_state
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
        """The loss of a batch (src, tgt, src_valid_len, label), which is plotted."""
        return self.loss(self(*batch[:-1]), batch[-1])

    def loss(self, Y_hat, Y):
        """Cross-entropy, averaged over the labels that are not "<pad>"."""
        losses = super().loss(Y_hat, Y, averaged=False)
        mask = (Y.reshape(-1) != self.tgt_pad).astype(losses.dtype)
        return (losses * mask).sum() / mask.sum()

    def configure_optimizers(self):
        """Adam."""
        return adam(self, self.lr)
