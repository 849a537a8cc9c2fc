"""Declarations: language model."""


class NGramLM:
    """A language model that counts n-grams."""

    def __init__(self, vocab_size, n=3, epsilon=1.0):
        """Count n-grams.

        n: the tokens that a count is made of.
        epsilon: how much is smoothed.
        """

    def fit(self, corpus):
        """Count."""

    def probabilities(self, context):
        """Of the next token."""

    def logits(self, context):
        """Their logarithms."""

    def perplexity(self, corpus):
        """Of a text."""
