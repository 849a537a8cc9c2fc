"""Whether there are GPUs, and which tests say nothing about them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.pool import BackendDied, Pool

#: Parts of node ids, each with a reason.
TABLE = Path(__file__).with_name("gpus.toml")
LEFT_OUT = tomllib.loads(TABLE.read_text("utf-8"))["left_out"]


def require_gpus(places, frameworks):
    """Raise a UsageError unless each of the frameworks has a GPU to compute on."""
    refused = {}
    with Pool(places.pythons, "gpu") as pool:
        # All at once: each takes seconds to be imported.
        workers = {key: pool.start(key, "float32") for key in frameworks}
        for key, worker in workers.items():
            try:
                worker.wait_until_ready()
            except D2LError as error:
                refused[key] = error
    if not refused:
        return
    has_died = any(isinstance(error, BackendDied) for error in refused.values())
    if has_died or len(refused) < len(workers) or len(workers) == 1:
        raise pytest.UsageError(" ".join(map(str, refused.values())))
    names = " or ".join(FRAMEWORKS[key].title for key in refused)
    raise pytest.UsageError(f"There is no GPU here for {names}: see docs/gpus.md.")


def mark(items):
    """Have those skipped that would say nothing new on a GPU."""
    for item in items:
        for entry in LEFT_OUT:
            if entry["tests"] in item.nodeid:
                item.add_marker(pytest.mark.skip(reason=entry["reason"]))
