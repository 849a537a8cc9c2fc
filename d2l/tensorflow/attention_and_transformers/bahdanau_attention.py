"""A translator whose decoder attends to the source (Bahdanau et al., 2015)."""

import tensorflow as tf
from keras import layers

from ..loops import scan_steps
from ..recurrent_modern.encoder_decoder import Decoder
from ..recurrent_modern.gru import GRU
from ..recurrent_modern.seq2seq import init_seq2seq
from ..tensor import swapaxes
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

    def __init__(self, vocab_size, embed_size, num_hiddens, num_layers, dropout=0):
        super().__init__()
        self.attention = AdditiveAttention(num_hiddens, dropout)
        self.embedding = layers.Embedding(vocab_size, embed_size)
        self.rnn = GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout)
        self.dense = layers.Dense(vocab_size)  # Keras's own start is Xavier's.
        self._attention_weights = []
        init_seq2seq(self.rnn.rnn)

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """The source's encoding, the GRU's state, and the source's lengths.

        enc_all_outputs: what a `Seq2SeqEncoder` returns, which is (source steps, batch,
            num_hiddens) and (num_layers, batch, num_hiddens).
        enc_valid_lens: (batch,), or None where all of the source counts.
        """
        enc_outputs, hidden_state = enc_all_outputs
        return swapaxes(enc_outputs, 0, 1), hidden_state, enc_valid_lens

    def forward(self, X, state):
        """Return (batch, num_steps, vocab) and a state.

        X: (batch, num_steps).
        """
        enc_outputs, hidden_state, enc_valid_lens = state
        kept = []

        def step(hidden_state, x):  # x: (batch, embed_size)
            query = hidden_state[-1][:, None]
            context = self.attention(query, enc_outputs, enc_outputs, enc_valid_lens)
            kept.append(self.attention.attention_weights)
            inputs = tf.concat([context[:, 0], x], axis=-1)
            return self.rnn(inputs[None], hidden_state)[1]

        embeddings = self.embedding(tf.transpose(X))
        hidden_states = scan_steps(step, hidden_state, embeddings)
        # A compiled step keeps none.
        if tf.executing_eagerly():
            self._attention_weights = kept
        # What the top layer's state is after a step is its output.
        logits = swapaxes(self.dense(hidden_states[:, -1]), 0, 1)
        hidden_state = hidden_states[-1]
        return logits, (enc_outputs, hidden_state, enc_valid_lens)

    @property
    def attention_weights(self):
        """For each step of the last call: (batch, 1, source steps)."""
        return self._attention_weights
