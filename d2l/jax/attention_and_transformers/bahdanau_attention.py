"""A translator whose decoder attends to the source (Bahdanau et al., 2015)."""

import jax.numpy as jnp
from flax import nnx

from ..layers import layer_settings, rngs_or_default
from ..loops import scan_steps
from ..recurrent_modern.encoder_decoder import Decoder
from ..recurrent_modern.gru import GRU
from ..recurrent_modern.seq2seq import init_seq2seq
from .attention_scoring_functions import AdditiveAttention


class AttentionDecoder(Decoder):
    """The base class of decoders that attend."""

    @property
    def attention_weights(self):
        """The weights of the last call, for display."""
        raise NotImplementedError(f"{type(self).__name__} keeps no attention weights")


class Seq2SeqAttentionDecoder(AttentionDecoder):
    """GRU layers that see, at every step, what they attend to in the source.

    The query is the last layer's state of the step before; the encoder's outputs
    are keys and values.

    embed_size: values of a token's embedding.
    dropout: of attention weights, and between the GRU layers.
    """

    def __init__(
        self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0, *, rngs=None
    ):
        rngs = rngs_or_default(rngs)
        self.attention = AdditiveAttention(num_hiddens, dropout, rngs=rngs)
        # `float` is the default precision; Flax's default is 32 bits.
        self.embedding = nnx.Embed(vocab_size, embed_size, param_dtype=float, rngs=rngs)
        num_inputs = embed_size + num_hiddens
        self.rnn = GRU(num_inputs, num_hiddens, num_layers, dropout, rngs=rngs)
        self.dense = nnx.Linear(num_hiddens, vocab_size, **layer_settings(rngs))
        # Flax must know that there will be an array.
        self._attention_weights = nnx.data(None)
        init_seq2seq(self.rnn.rnn, rngs=rngs)
        init_seq2seq(self.dense, rngs=rngs)

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """The source's encoding, the GRU's state, and the source's lengths.

        enc_all_outputs: what a `Seq2SeqEncoder` returns, which is (source steps, batch,
            num_hiddens) and (num_layers, batch, num_hiddens).
        enc_valid_lens: (batch,), or None where all of the source counts.
        """
        enc_outputs, hidden_state = enc_all_outputs
        return enc_outputs.swapaxes(0, 1), hidden_state, enc_valid_lens

    def __call__(self, X, state):
        """Return (batch, num_steps, vocab) and a state.

        X: (batch, num_steps).
        """
        enc_outputs, hidden_state, enc_valid_lens = state

        def step(layers, hidden_state, x):  # x: (batch, embed_size)
            attention, rnn = layers
            query = hidden_state[-1][:, None]
            context = attention(query, enc_outputs, enc_outputs, enc_valid_lens)
            inputs = jnp.concatenate([context[:, 0], x], axis=-1)
            output, hidden_state = rnn(inputs[None], hidden_state)
            return hidden_state, (output[0], attention.attention_weights)

        hidden_state, (outputs, self._attention_weights) = scan_steps(
            step, (self.attention, self.rnn), hidden_state, self.embedding(X.T)
        )
        logits = self.dense(outputs).swapaxes(0, 1)
        return logits, (enc_outputs, hidden_state, enc_valid_lens)

    @property
    def attention_weights(self):
        """For each step of the last call: (batch, 1, source steps)."""
        weights = self._attention_weights
        return [] if weights is None else list(weights)
