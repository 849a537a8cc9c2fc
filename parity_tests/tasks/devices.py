"""The devices of a framework."""

from __future__ import annotations

import numpy as np


def _name(device):
    # TensorFlow's devices are contexts; only their own attribute tells the name.
    return str(getattr(device, "_device_name", device))


def devices(session, arrays):
    """The names of all devices that the section's functions return."""
    d2l = session.namespace
    count = d2l.num_gpus()
    return {
        "num_gpus": count,
        "cpu": _name(d2l.cpu()),
        "gpus": [_name(d2l.gpu(i)) for i in range(count)],
        "try_gpu": _name(d2l.try_gpu()),
        "try_gpu(1000)": _name(d2l.try_gpu(1000)),
        "try_all_gpus": [_name(device) for device in d2l.try_all_gpus()],
    }, {}


def compute(session, arrays):
    """A tensor on the best device, and its sum."""
    d2l, backend = session.namespace, session.backend
    tensor = d2l.to(backend.to_tensor(np.arange(6.0)), d2l.try_gpu())
    total = d2l.reduce_sum(tensor)
    found = {"moved": tensor, "sum": total}
    return {}, {name: np.array(backend.to_numpy(t)) for name, t in found.items()}
