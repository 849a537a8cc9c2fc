"""Declarations: self attention and positional encoding."""


class PositionalEncoding:
    """Sines and cosines of positions."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        """max_len: the number of positions."""


class LearnedPositionalEncoding:
    """A trained vector for each position."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        """max_len: the number of positions."""


def rope(X, offset=0, base=10000.0):
    """Rotary positions."""
