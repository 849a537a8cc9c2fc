"""What several models build on."""

from __future__ import annotations

from flax import nnx

from .randomness import KEYS


def flatten(X):
    """X: (batch, ...); returns (batch, features)."""
    return X.reshape((X.shape[0], -1))


def rngs_or_default(rngs):
    """The given random streams, or new ones from a fresh key."""
    return nnx.Rngs(KEYS.next_key()) if rngs is None else rngs
