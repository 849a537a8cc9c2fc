"""Importing TensorFlow without the noise that it makes on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

from d2l.common.frameworks import FrameworkError

#: What TensorFlow says at every start and nobody needs to read.
NOISE = (b"oneDNN custom operations", b"before absl::InitializeLog()", b"cpu_feature")


def import_quietly() -> None:
    """Import TensorFlow; Keras has to compute with it and not with another library."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if "tensorflow" not in sys.modules and "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
        with _without_noise():
            import tensorflow  # noqa: F401
    import keras

    if keras.backend.backend() != "tensorflow":
        raise FrameworkError(
            f"Keras computes with {keras.backend.backend()}: start Python with "
            "KERAS_BACKEND=tensorflow in the environment."
        )


@contextlib.contextmanager
def _without_noise() -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and pass on all but noise.

    The libraries write there before they read their own log level, and past
    `sys.stderr`.
    """
    with tempfile.TemporaryFile() as held_back:
        try:
            terminal = os.dup(2)
        except OSError:  # a process without a standard error
            yield
            return
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            held_back.seek(0)
            for line in held_back:
                if not any(noise in line for noise in NOISE):
                    os.write(2, line)
            os.close(terminal)
