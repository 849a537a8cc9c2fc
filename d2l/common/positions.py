"""The angles by which positions are told apart (Vaswani et al., 2017).

They are constants, and computed in float64: in float32 the angle of position 1000
would be wrong by 1e-5.
"""

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


def sinusoids(num_positions: int, num_hiddens: int) -> np.ndarray:
    """Sines in the even columns and cosines in the odd ones.

    returns: (num_positions, num_hiddens) in float64.
    """
    found = angles(num_positions, num_hiddens)
    pairs = np.stack([np.sin(found), np.cos(found)], axis=-1)
    return pairs.reshape(num_positions, -1)[:, :num_hiddens]
