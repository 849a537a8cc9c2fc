"""Ours and theirs in turn, so that a machine that slows down slows both."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from d2l.parity.backend import Backend


def seconds(run: Callable[[], Any], backend: Backend) -> float:
    """How long `run` takes, until the device has done its work."""
    start = time.perf_counter()
    run()
    backend.synchronise()
    return time.perf_counter() - start


def one_pair(
    ours: Callable[[], Any],
    plain: Callable[[], Any],
    backend: Backend,
    plain_first: bool,
) -> tuple[float, float]:
    """Seconds of ours and of the plain one, side by side."""
    if plain_first:
        theirs = seconds(plain, backend)
        return seconds(ours, backend), theirs
    return seconds(ours, backend), seconds(plain, backend)
