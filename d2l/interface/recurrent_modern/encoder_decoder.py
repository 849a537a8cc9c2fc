"""Declarations: encoder decoder."""


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
