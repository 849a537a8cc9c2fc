"""A translator whose decoder attends to the source (Bahdanau et al., 2015)."""

from mxnet import init, np
from mxnet.gluon import nn

from ..parameters import initialise_rest
from ..recurrent_modern.encoder_decoder import Decoder
from ..recurrent_modern.gru import GRU
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
        # MXNet's own default is uniform in +-0.07.
        normal = {"weight_initializer": init.Normal(sigma=1)}
        self.embedding = nn.Embedding(vocab_size, embed_size, **normal)
        self.rnn = GRU(embed_size + num_hiddens, num_hiddens, num_layers, dropout)
        self.dense = nn.Dense(vocab_size, flatten=False, in_units=num_hiddens)
        self._attention_weights = []
        # The rule of `init_seq2seq`, by which the GRU has initialised itself.
        initialise_rest(self, init.Xavier())

    def init_state(self, enc_all_outputs, enc_valid_lens=None):
        """The source's encoding, the GRU's state, and the source's lengths.

        enc_all_outputs: what a `Seq2SeqEncoder` returns, which is (source steps, batch,
            num_hiddens) and (num_layers, batch, num_hiddens).
        enc_valid_lens: (batch,), or None where all of the source counts.
        """
        enc_outputs, hidden_state = enc_all_outputs
        return enc_outputs.swapaxes(0, 1), hidden_state, enc_valid_lens

    def forward(self, X, state):
        """Return (batch, num_steps, vocab) and a state.

        X: (batch, num_steps).
        """
        enc_outputs, hidden_state, enc_valid_lens = state
        outputs, self._attention_weights = [], []
        # A loop of calls of compiled layers. MXNet's own, `contrib.foreach`, takes no
        # NumPy arrays, and would have the attention written as a graph: that saves a
        # fifth of the time for 9 steps, a twentieth for 30.
        for x in self.embedding(X.T):  # (batch, embed_size)
            query = np.expand_dims(hidden_state[-1], 1)
            context = self.attention(query, enc_outputs, enc_outputs, enc_valid_lens)
            inputs = np.concatenate([context[:, 0], x], axis=-1)
            output, hidden_state = self.rnn(np.expand_dims(inputs, 0), hidden_state)
            outputs.append(output)
            self._attention_weights.append(self.attention.attention_weights)
        logits = self.dense(np.concatenate(outputs)).swapaxes(0, 1)
        return logits, (enc_outputs, hidden_state, enc_valid_lens)

    @property
    def attention_weights(self):
        """For each step of the last call: (batch, 1, source steps)."""
        return self._attention_weights
