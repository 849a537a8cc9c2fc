"""Checkpoints: named arrays in one safetensors file, written atomically."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from d2l.common.errors import DataError


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` so that `path` holds either all of it or what it held before."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = _temporary_prefix(target, os.getpid())
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=prefix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Temporary files are private; results are as public as any new file.
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _temporary_prefix(target: Path, process: int) -> str:
    return f".{target.name}.{process}."


def delete_leftovers(path: str | os.PathLike[str], process: int) -> None:
    """Delete what a process left that was ended while it wrote `path`.

    process: its number; what others are writing is left alone.
    """
    target = Path(path)
    prefix = _temporary_prefix(target, process)
    for leftover in target.parent.iterdir():
        if leftover.name.startswith(prefix):
            leftover.unlink(missing_ok=True)


def _umask() -> int:
    """The permissions that new files go without; there is no way but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def save_arrays(
    path: str | os.PathLike[str],
    arrays: dict[str, np.ndarray],
    metadata: dict[str, str] | None = None,
) -> None:
    """Save named arrays, with a little text beside them, as safetensors."""
    contiguous = {name: np.ascontiguousarray(a) for name, a in arrays.items()}
    # ascontiguousarray makes a vector of a scalar; safetensors can hold scalars.
    contiguous = {n: a.reshape(arrays[n].shape) for n, a in contiguous.items()}
    write_atomically(path, save(contiguous, metadata))


def load_arrays(
    path: str | os.PathLike[str],
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Read back what `save_arrays` wrote: the arrays and the text beside them."""
    if not Path(path).is_file():
        raise DataError(f"There is no file {path}.")
    try:
        with safe_open(path, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return arrays, dict(file.metadata() or {})
    except SafetensorError as error:
        raise DataError(f"{path} is not a whole safetensors file ({error}).") from error
