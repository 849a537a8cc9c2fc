"""A plugin of pytest: compares what each case runs with what its key covers."""

import os
import sys
from pathlib import Path

import pytest

from parity_tests.proof.keys import CaseKeys

KEYS = CaseKeys()
#: What finds the cases, before any of them runs.
APART = ("d2l.keys", "parity_tests.proof", "parity_tests.spread")
COLLECTION = ("pytest_", "_applies", "frameworks_of", "Collector")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Look at what ran after each case."""
    calls = Path(os.environ["TRACED_FILE"])
    calls.write_text("")
    sys.modules["sitecustomize"].seen.clear()
    result = yield
    lines = calls.read_text().splitlines()
    reached = KEYS.reach(item).found.parts
    with open(os.environ["TRACED_RESULT"], "a") as file:
        for place in {place_of(*line.split("\t")) for line in lines} - {None}:
            file.write(f"{item.nodeid}\t{place}\t{place in reached}\n")
    return result


def place_of(path, name):
    """The definition that a function belongs to, if it is one of a case's own."""
    place = KEYS.sources.place_of(Path(path), name)
    if place is None or place.module.startswith(APART):
        return None
    is_plugin = place.module in ("parity_tests.conftest", "parity_tests.measured")
    if is_plugin and name.startswith(COLLECTION):
        return None
    return ":".join(place)
