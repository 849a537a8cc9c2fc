"""Products of many equal matrices, as in gradients through time."""

from d2l.common.data.sequences import spectral_radius

__all__ = ["spectral_radius"]
