"""The encoder-decoder architecture (Cho et al., 2014; Sutskever et al., 2014)."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..linear_classification.classification import Classifier


class Encoder(nnx.Module):
    """The base class of encoders: sequences to a state of any form."""

    def __call__(self, X, *args):
        """Encode a batch of sources.

        X: (batch, num_steps).
        args: what else there is, such as valid lengths.
        """
        raise NotImplementedError(f"{type(self).__name__} defines no __call__")


class Decoder(nnx.Module):
    """The base class of decoders: a state and the tokens so far to the next tokens.

    A decoder with attention keeps the weights of its last call as
    `attention_weights`.
    """

    def init_state(self, enc_all_outputs, *args):
        """The state to start from, made of what the encoder returned."""
        raise NotImplementedError(f"{type(self).__name__} defines no init_state")

    def __call__(self, X, state):
        """Return (batch, num_steps, vocab) and a state.

        X: (batch, num_steps).
        """
        raise NotImplementedError(f"{type(self).__name__} defines no __call__")


class EncoderDecoder(Classifier):
    """A classifier of tokens made of an encoder and a decoder."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, enc_X, dec_X, *args):
        """The logits of the tokens that follow those in `dec_X`.

        enc_X, dec_X: (batch, num_steps), not necessarily equally long.
        args: for the encoder and the decoder's `init_state`, such as the valid lengths.

        returns: (batch, num_steps of dec_X, vocab).
        """
        enc_all_outputs = self.encoder(enc_X, *args)
        state = self.decoder.init_state(enc_all_outputs, *args)
        return self.decoder(dec_X, state)[0]

    def predict_step(self, batch, device, num_steps, save_attention_weights=False):
        """Translate a batch greedily, feeding each token found to the next step.

        batch: (src, tgt, src_valid_len, label), of which tgt gives the first token
            alone.

        returns: tokens, (batch, num_steps), and a list with the decoder's
            `attention_weights` of each step, empty unless they are to be saved.
        """
        src, tgt, src_valid_len, _ = jax.device_put(tuple(batch), device)
        tokens, attention_weights = [tgt[:, :1]], []
        self.eval()
        enc_all_outputs = self.encoder(src, src_valid_len)
        state = self.decoder.init_state(enc_all_outputs, src_valid_len)
        for _ in range(num_steps):
            Y, state = self.decoder(tokens[-1], state)
            tokens.append(Y.argmax(axis=2))
            if save_attention_weights:
                attention_weights.append(self.decoder.attention_weights)
        return jnp.concatenate(tokens, axis=1)[:, 1:], attention_weights
