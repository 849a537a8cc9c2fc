"""Parts of the tests: together all of them, each about as long as the others."""

from types import SimpleNamespace

import pytest

from parity_tests.spread.grouping import grouped
from parity_tests.spread.shard import length_of, shards

pytest_plugins = "pytester"
FRAMEWORKS = ("torch", "tensorflow", "jax", "mxnet")
SUITE = """
import pytest

@pytest.mark.parametrize("framework", ["torch", "tensorflow", "jax", "mxnet"])
@pytest.mark.parametrize("number", range(3))
class Test{name}:
    def test_it(self, framework, number):
        pass

def test_alone():
    pass
"""


def an_item(nodeid, **parameters):
    callspec = SimpleNamespace(params=parameters)
    return SimpleNamespace(nodeid=nodeid, callspec=callspec, stash={})


def suite():
    """Classes of all lengths in four frameworks, and tests without any."""
    for i in range(30):
        for framework in FRAMEWORKS:
            for j in range(1 + i % 7):
                name = f"test_{i // 3}.py::Test{i}::test_{j}[{framework}]"
                yield an_item(name, framework=framework)
        yield an_item(f"test_{i // 3}.py::test_{i}")


@pytest.mark.parametrize("count", [1, 2, 4, 7])
def test_every_test_is_in_one_part(count):
    items = list(suite())
    found = [node_id for part in shards(items, count) for node_id in part]
    assert sorted(found) == sorted(item.nodeid for item in items)
    # Whoever splits them.
    assert shards(items, count) == shards(list(suite()), count)


def test_parts_are_about_equally_long():
    groups = grouped(list(suite()))
    lengths = {
        node_id: length_of(g) / len(g.node_ids)
        for g in groups
        for node_id in g.node_ids
    }
    totals = [sum(lengths[n] for n in part) for part in shards(list(suite()), 4)]
    assert max(totals) - min(totals) <= max(map(length_of, groups))
    assert max(totals) < 1.05 * min(totals)


def test_groups_stay_together():
    """What compiles and remembers alike is in one part."""
    part_of = {
        node_id: number
        for number, part in enumerate(shards(list(suite()), 4))
        for node_id in part
    }
    for group in grouped(list(suite())):
        assert len({part_of[node_id] for node_id in group.node_ids}) == 1


def test_more_parts_than_groups():
    items = [an_item("test_a.py::test_1"), an_item("test_b.py::test_2")]
    assert sorted(map(len, shards(items, 3))) == [0, 1, 1]


@pytest.fixture
def run(pytester):
    """Runs a part of a suite, by one process or by two."""
    own = ["-p", "no:cacheprovider", "-p", "parity_tests.spread.plugin"]
    own += ["-p", "parity_tests.spread.shard"]
    files = {f"test_{n}": SUITE.replace("{name}", n) for n in ("one", "two", "three")}
    pytester.makepyfile(**files)
    return lambda *arguments: pytester.inline_run(*own, *arguments)


def test_parts_are_run(run):
    ran = []
    for part in ("1/3", "2/3", "3/3"):
        reports = run("--shard", part).listoutcomes()[0]
        ran.append({report.nodeid for report in reports})
        assert 0 < len(ran[-1]) < 39
    assert len(set.union(*ran)) == sum(map(len, ran)) == 39


@pytest.mark.parametrize("part", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4"])
def test_parts_that_make_no_sense(pytester, part):
    pytester.makepyfile("def test_it(): pass")
    own = ["-p", "parity_tests.spread.plugin", "-p", "parity_tests.spread.shard"]
    found = pytester.runpytest_inprocess(*own, f"--shard={part}")
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    found.stderr.fnmatch_lines([f"*'{part}' is no I/N, such as 1/4*"])
