"""The default precision: MXNet itself has none but float32."""

from __future__ import annotations

import numpy as onp

from .parameters import scratch_arrays

_default = "float32"


def default_dtype() -> str:
    """The kind of floats that tensors, data and models are made of."""
    return _default


def set_default_dtype(dtype: str) -> None:
    """Choose "float32" or "float64", before models and data are made."""
    global _default
    _default = dtype


def adopt_default(model) -> None:
    """Bring a model that was made in float32 to the default precision.

    Layers are always made in float32, and so is what `np.random` draws. Layers
    that do not know their sizes yet will start in the default precision.
    """
    if _default == "float32":
        return
    parameters = model.collect_params().values()
    if any(onp.dtype(p.dtype) == onp.float32 for p in parameters):
        model.cast(_default)
    for owner, name, array in list(scratch_arrays(model)):
        if array.dtype == onp.float32:
            replacement = array.astype(_default)
            if array.grad is not None:
                replacement.attach_grad()
            setattr(owner, name, replacement)
