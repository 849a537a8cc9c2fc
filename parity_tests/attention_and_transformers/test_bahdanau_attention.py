"""A recurrent translator that attends to the source."""

from parity_tests.translator_parity import TranslatorParity


class TestAttentionSeq2Seq(TranslatorParity):
    recipe = "attention_seq2seq"
