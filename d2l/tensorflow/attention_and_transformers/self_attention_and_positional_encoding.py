"""Telling a model that sees all tokens at once where each of them stands."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from d2l.common.positions import angles, sinusoids

from ..layers import Block
from ..tensor import randn


class PositionalEncoding(Block):
    """Adds sines and cosines of the position (Vaswani et al., 2017), then drops out.

    num_hiddens: of the inputs.
    max_len: the number of positions there are. `P` holds them, (1, max_len,
        num_hiddens).
    """

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = layers.Dropout(dropout)
        # A constant, and no weight.
        table = sinusoids(max_len, num_hiddens)[None]
        self.P = tf.constant(table, keras.config.floatx())

    def call(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P, offset, X.shape[1]))


class LearnedPositionalEncoding(Block):
    """Adds a trained vector per position (Gehring et al., 2017), then drops out."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = layers.Dropout(dropout)
        self.P = tf.Variable(randn((1, max_len, num_hiddens)) * 0.02)

    def call(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P, offset, X.shape[1]))


def _rows(P, offset, steps):
    # Where the offset is known only when a compiled function runs, that function's
    # caller has to look.
    if not tf.is_tensor(offset) and offset + steps > P.shape[1]:
        raise ValueError(f"{offset + steps} positions are more than {P.shape[1]}")
    return tf.slice(P, (0, offset, 0), (1, steps, P.shape[2]))


def rope(X, offset=0, base=10000.0, *, max_len=None):
    """Rotary positions (Su et al., 2021): each pair of features turned by an angle.

    Products of queries and keys that were both turned depend on the distance of
    their positions alone.

    X: (..., steps, size), size even, features 2i and 2i + 1 being a pair.
    offset: the position of the first step.
    base: pair i at position p is turned by p / base^(2i / size).
    max_len: the number of positions there are, needed where the offset is known only
        when a compiled function runs.
    """
    steps, size = X.shape[-2:]
    if size % 2:
        raise ValueError(f"features come in pairs, and {size} is odd")
    if max_len is None:
        turn = angles(steps, size, offset, base)
    else:
        turn = angles(max_len, size, 0, base)
    cos, sin = (tf.constant(part, X.dtype) for part in (np.cos(turn), np.sin(turn)))
    if max_len is not None:
        cos, sin = (tf.slice(x, (offset, 0), (steps, size // 2)) for x in (cos, sin))
    even, odd = X[..., 0::2], X[..., 1::2]
    pairs = tf.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return tf.reshape(pairs, X.shape)
