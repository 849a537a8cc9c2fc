"""The option `--shard`: a part of the tests, of about the same length as the others."""

from __future__ import annotations

import argparse
import re

from parity_tests.spread.grouping import grouped

#: What a test takes, on average, where one of PyTorch takes 1: JAX compiles the most
#: and takes as long as the other three together.
LENGTHS = {"jax": 6, "tensorflow": 3, "mxnet": 2}


def pytest_addoption(parser):
    group = parser.getgroup("spread")
    group.addoption(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="run one of N parts that are about equally long, 1/N the first",
    )


def _shard(text):
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    number, count = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= count:
        raise argparse.ArgumentTypeError(f"{text!r} is no I/N, such as 1/4")
    return number, count


def pytest_collection_modifyitems(config, items):
    """Leave out what other parts run."""
    if not config.getoption("--shard"):
        return
    number, count = config.getoption("--shard")
    own = set(shards(items, count)[number - 1])
    config.hook.pytest_deselected(items=[i for i in items if i.nodeid not in own])
    items[:] = [item for item in items if item.nodeid in own]


def shards(items, count):
    """The node ids of each part: whole groups, the longest to the emptiest part."""
    parts = [[] for _ in range(count)]
    totals = [0.0] * count
    groups = [(length_of(group), group) for group in grouped(items)]
    for length, group in sorted(groups, key=lambda entry: -entry[0]):
        emptiest = totals.index(min(totals))
        totals[emptiest] += length
        parts[emptiest] += group.node_ids
    return parts


def length_of(group):
    """About how long a group takes."""
    return len(group.node_ids) * LENGTHS.get(group.framework, 1)
