"""Declarations: attention scoring functions."""


def masked_softmax(X, valid_lens):
    """Softmax over the first keys of each query."""


class DotProductAttention:
    """Attention by scaled dot products."""

    def __init__(self, dropout):
        """The probability that a weight is dropped."""


class AdditiveAttention:
    """Attention by a small network."""

    def __init__(self, num_hiddens, dropout):
        """The network's hidden units; the probability that a weight is dropped."""
