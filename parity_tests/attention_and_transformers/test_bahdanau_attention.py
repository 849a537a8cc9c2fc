"""A recurrent translator that attends to the source."""

import numpy as np

from parity_tests.block_parity import BlockParity
from parity_tests.translator_parity import TranslatorParity


class TestAttentionSeq2Seq(TranslatorParity):
    trial = "attention_seq2seq"


def attention_decoder(session):
    """The recurrent decoder with attention, of two layers and with dropout."""
    d2l = session.namespace

    class Decoding(d2l.Module):
        def __init__(self):
            super().__init__()
            self.decoder = d2l.Seq2SeqAttentionDecoder(7, 4, 6, 2, dropout=0.5)

        def forward(self, tokens, enc_outputs, hidden_state, enc_valid_lens):
            encoded = enc_outputs, hidden_state
            state = self.decoder.init_state(encoded, enc_valid_lens)
            logits, (_, hidden_state, _) = self.decoder(tokens, state)
            return logits, hidden_state

    return Decoding()


class TestDecoderWithDropout(BlockParity):
    """At every step masks are drawn of the attention, then between the layers."""

    name = "Seq2SeqAttentionDecoder with dropout"
    builder = attention_decoder

    def inputs(self, random):
        tokens = random.integers(0, 7, (3, 4))
        enc_outputs = random.standard_normal((5, 3, 6))  # five steps of the source
        hidden_state = random.standard_normal((2, 3, 6))
        return [tokens, enc_outputs, hidden_state, np.array([5, 2, 4])]
