"""The environment of backends: where d2l lies, threads, and what they compute on."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import d2l

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
#: This very d2l.
_PACKAGE = Path(d2l.__file__).resolve().parent


def environment(library: Path = _PACKAGE.parent) -> dict[str, str]:
    """The environment of a backend: one thread, and the d2l that lies in `library`."""
    path = [str(library), *filter(None, [os.environ.get("PYTHONPATH")])]
    one_thread = dict.fromkeys(
        ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
    )
    return {
        **os.environ,
        **one_thread,
        "PYTHONPATH": os.pathsep.join(path),
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2"),
        "PYTHONUNBUFFERED": "1",
    }


def library_of(python: str, folder: Path) -> Path:
    """Where an interpreter finds this d2l; another one must not find what lies beside.

    folder: where a link can be made.
    """
    parent = _PACKAGE.parent
    if python == sys.executable or parent.name not in (
        "site-packages",
        "dist-packages",
    ):
        return parent
    library = folder / "library"
    library.mkdir(exist_ok=True)
    link = library / _PACKAGE.name
    if not link.is_symlink():
        link.symlink_to(_PACKAGE)
    return library


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
