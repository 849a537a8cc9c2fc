"""Telling a model that sees all tokens at once where each of them stands."""

import numpy as onp
from mxnet import init, np
from mxnet.gluon import nn

from d2l.common.positions import angles, sinusoids

from ..layers import Block
from ..precision import default_dtype


class PositionalEncoding(Block):
    """Adds sines and cosines of the position (Vaswani et al., 2017), then drops out.

    num_hiddens: of the inputs.
    max_len: the number of positions there are. `P` holds them, (1, max_len,
        num_hiddens).
    """

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        # Moves to the GPU with the model, but is no weight.
        table = sinusoids(max_len, num_hiddens)[None]
        self.P = np.array(table, dtype=default_dtype())

    def forward(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P, offset, X.shape[1]))


class LearnedPositionalEncoding(Block):
    """Adds a trained vector per position (Gehring et al., 2017), then drops out."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        shape, normal = (1, max_len, num_hiddens), init.Normal(sigma=0.02)
        self.P = self.params.get("P", shape=shape, init=normal)
        self.P.initialize()

    def forward(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P.data(X.ctx), offset, X.shape[1]))


def _rows(P, offset, steps):
    # A slice past the end would be short, and added without a word.
    if offset + steps > P.shape[1]:
        raise ValueError(f"{offset + steps} positions are more than {P.shape[1]}")
    return P[:, offset : offset + steps]


def rope(X, offset=0, base=10000.0):
    """Rotary positions (Su et al., 2021): each pair of features turned by an angle.

    Products of queries and keys that were both turned depend on the distance of
    their positions alone.

    X: (..., steps, size), size even, features 2i and 2i + 1 being a pair.
    offset: the position of the first step.
    base: pair i at position p is turned by p / base^(2i / size).
    """
    steps, size = X.shape[-2:]
    if size % 2:
        raise ValueError(f"features come in pairs, and {size} is odd")
    turn = angles(steps, size, offset, base)
    cos, sin = (
        np.array(part, dtype=X.dtype, ctx=X.ctx)
        for part in (onp.cos(turn), onp.sin(turn))
    )
    even, odd = X[..., 0::2], X[..., 1::2]
    pairs = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return pairs.reshape(X.shape)
