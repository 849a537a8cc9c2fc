"""Telling a model that sees all tokens at once where each of them stands."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.common.positions import angles, sinusoids

from ..layers import rngs_or_default


class PositionalEncoding(nnx.Module):
    """Adds sines and cosines of the position (Vaswani et al., 2017), then drops out.

    num_hiddens: of the inputs.
    max_len: the number of positions there are. `P` holds them, (1, max_len,
        num_hiddens).
    """

    def __init__(self, num_hiddens, dropout, max_len=1000, *, rngs=None):
        self.dropout = nnx.Dropout(dropout, rngs=rngs_or_default(rngs))
        # Moves to the GPU with the model, but is no weight. `float` is the default
        # precision, whichever that is.
        self.P = jnp.asarray(sinusoids(max_len, num_hiddens)[None], float)

    def __call__(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P, offset, X.shape[1]))


class LearnedPositionalEncoding(nnx.Module):
    """Adds a trained vector per position (Gehring et al., 2017), then drops out."""

    def __init__(self, num_hiddens, dropout, max_len=1000, *, rngs=None):
        rngs = rngs_or_default(rngs)
        self.dropout = nnx.Dropout(dropout, rngs=rngs)
        noise = jax.random.normal(rngs.params(), (1, max_len, num_hiddens))
        self.P = nnx.Param(noise * 0.02)

    def __call__(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P[...], offset, X.shape[1]))


def _rows(P, offset, steps):
    # A slice past the end would be moved, without a word. Where the offset is known
    # only when a compiled function runs, that function's caller has to look.
    if not isinstance(offset, jax.core.Tracer) and offset + steps > P.shape[1]:
        raise ValueError(f"{offset + steps} positions are more than {P.shape[1]}")
    return jax.lax.dynamic_slice_in_dim(P, offset, steps, axis=1)


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
    cos, sin = (jnp.asarray(part, X.dtype) for part in (np.cos(turn), np.sin(turn)))
    if max_len is not None:
        rows = partial(
            jax.lax.dynamic_slice_in_dim, start_index=offset, slice_size=steps
        )
        cos, sin = rows(cos), rows(sin)
    even, odd = X[..., 0::2], X[..., 1::2]
    pairs = jnp.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return pairs.reshape(X.shape)
