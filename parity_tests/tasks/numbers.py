"""What is a number and not a tensor."""

from __future__ import annotations

import numpy as np


def size(session, arrays):
    """The type of a size, and the size."""
    tensor = session.backend.to_tensor(np.zeros((3, 4)))
    found = session.namespace.size(tensor)
    return {"type": type(found).__name__, "size": int(found)}, {}


def seeds(session, arrays):
    """A seed, and whether keys repeat."""
    d2l = session.namespace
    keys = [str(d2l.get_key()) for _ in range(3)]
    return {"seed": d2l.get_seed(), "key_differs_from_the_next": len(set(keys)) > 1}, {}


def radius(session, arrays):
    """The spectral radius of the framework's own matrix."""
    W = session.backend.to_tensor(arrays["W"])
    return {"radius": session.namespace.spectral_radius(W)}, {}
