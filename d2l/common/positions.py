"""The angles by which positions are told apart (Vaswani et al., 2017).

They are constants, and computed in float64: in float32 the angle of position 1000
would be wrong by 1e-5.
"""

from functools import lru_cache

import numpy as np


def angles(
    num_positions: int, num_hiddens: int, offset: int = 0, base: float = 10000.0
) -> np.ndarray:
    """position / base^(2i / num_hiddens) for each pair i of features.

    offset: the first position.

    returns: (num_positions, pairs) in float64; an odd last feature makes a pair
    on its own.
    """
    positions = np.arange(offset, offset + num_positions, dtype=np.float64)
    exponents = np.arange(0, num_hiddens, 2, dtype=np.float64) / num_hiddens
    return positions[:, None] / base**exponents


def turns(
    num_positions: int, num_hiddens: int, offset: int = 0, base: float = 10000.0
) -> np.ndarray:
    """cos(a) + i sin(a) of these `angles`, which is a view: not to be written to."""
    first = min(offset, 0)
    # Tables have few lengths, so that few of them serve all calls.
    length = 1 << (offset + num_positions - first).bit_length()
    table = _turns(length, num_hiddens, first, base)
    return table[offset - first :][:num_positions]


@lru_cache(maxsize=16)
def _turns(length: int, num_hiddens: int, first: int, base: float) -> np.ndarray:
    found = angles(length, num_hiddens, first, base)
    return np.cos(found) + 1j * np.sin(found)


def sinusoids(num_positions: int, num_hiddens: int) -> np.ndarray:
    """Sines in the even columns and cosines in the odd ones.

    returns: (num_positions, num_hiddens) in float64.
    """
    found = angles(num_positions, num_hiddens)
    pairs = np.stack([np.sin(found), np.cos(found)], axis=-1)
    return pairs.reshape(num_positions, -1)[:, :num_hiddens]
