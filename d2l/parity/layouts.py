"""Images in the canonical layout, and back."""

from __future__ import annotations

import numpy as np


def image_to_canonical(array: np.ndarray) -> np.ndarray:
    """A channels-last batch, (n, h, w, c), as (n, c, h, w)."""
    return array.transpose(0, 3, 1, 2)


def image_from_canonical(array: np.ndarray) -> np.ndarray:
    """A batch of shape (n, c, h, w) as (n, h, w, c)."""
    return array.transpose(0, 2, 3, 1)
