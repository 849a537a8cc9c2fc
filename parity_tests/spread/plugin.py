"""The options `--workers` and `--cluster`, and who takes over when they are given."""

from __future__ import annotations

import argparse

import pytest

from parity_tests.spread.controller import Controller
from parity_tests.spread.local import cores
from parity_tests.spread.role import is_server


def _count(text):
    if text == "auto":
        return len(cores())
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of workers, nor auto")
    return int(text)


def pytest_addoption(parser):
    group = parser.getgroup("spread", "on several processes or machines")
    group.addoption(
        "--workers",
        type=_count,
        default=1,
        metavar="N",
        help="run the tests in N processes, each on a core of its own; auto: on all",
    )
    group.addoption(
        "--cluster",
        metavar="ADDRESS",
        help="run them on a Dask cluster: tcp://HOST:PORT, local, or local:N",
    )


def pytest_configure(config):
    if is_server(config):
        return
    workers, cluster = config.getoption("--workers"), config.getoption("--cluster")
    if workers > 1 and cluster:
        raise pytest.UsageError("--workers and --cluster exclude each other.")
    if workers > 1 or cluster:
        config.pluginmanager.register(Controller(config), "spread-controller")
