"""A recurrent translator that attends to the source."""

import numpy as np

from parity_tests.block_parity import BlockParity
from parity_tests.translator_parity import TranslatorParity


class TestAttentionSeq2Seq(TranslatorParity):
    trial = "attention_seq2seq"


class TestDecoderWithDropout(BlockParity):
    """At every step masks are drawn of the attention, then between the layers."""

    name = "Seq2SeqAttentionDecoder with dropout"
    builder = "attention_decoder"

    def inputs(self, random):
        tokens = random.integers(0, 7, (3, 4))
        enc_outputs = random.standard_normal((5, 3, 6))  # five steps of the source
        hidden_state = random.standard_normal((2, 3, 6))
        return [tokens, enc_outputs, hidden_state, np.array([5, 2, 4])]
