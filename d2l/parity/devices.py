"""Where backends compute: on the processor, on a GPU, or where each likes best."""

from __future__ import annotations

from collections.abc import Mapping

#: The variable that asks a backend for a GPU.
VARIABLE = "D2L_DEVICE"
DEVICES = ("cpu", "gpu")

#: GPUs are hidden from PyTorch and TensorFlow; JAX must not look for one.
ON_PROCESSOR = {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
ON_GPU = {
    # Several processes share the memory: JAX takes what it needs, not most of it.
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
    # Without a workspace of a fixed size cuBLAS adds in another order each time.
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
}
#: Kernels that give the same every time.
XLA_FLAGS = "--xla_gpu_deterministic_ops=true"


def with_device(environment: Mapping[str, str], device: str | None) -> dict[str, str]:
    """The environment of a backend that computes on a device.

    device: "cpu", "gpu", or None, where each framework does as it likes.
    """
    if device is None:
        return dict(environment)
    found = {**environment, VARIABLE: device}
    if device == "cpu":
        return found | ON_PROCESSOR
    # It prefers a GPU, unless it is told otherwise.
    found.pop("JAX_PLATFORMS", None)
    flags = f"{environment.get('XLA_FLAGS', '')} {XLA_FLAGS}".strip()
    return found | ON_GPU | {"XLA_FLAGS": flags}
