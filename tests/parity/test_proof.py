"""Evidence that is kept: what stands on it, what is run, and what contradicts it."""

import json
import math
from types import SimpleNamespace

import pytest

from parity_tests.proof import choice as choosing
from parity_tests.proof.choice import choose
from parity_tests.proof.kept import FOLDER, Entry, Kept, place_of
from parity_tests.proof.keys import CaseKeys

pytest_plugins = "pytester"

FILE = "parity_tests/chapter/test_section.py"
CASE = f"{FILE}::TestIt::test_it[jax-float64-adam]"


@pytest.mark.parametrize(
    ("name", "row", "column"),
    [
        ("TestIt::test_it[jax-float64-adam]", "TestIt::test_it[adam]", "jax-float64"),
        ("test_it[0.5-mxnet-a-b]", "test_it[0.5-a-b]", "mxnet"),
        ("test_it[torch-float32]", "test_it", "torch-float32"),
        ("test_it[a]", "test_it[a]", ""),
        ("test_it", "test_it", ""),
    ],
)
def test_places(name, row, column):
    """A file for each file, a row for each test, a column for each run."""
    expected = ("chapter/test_section.json", row, column)
    assert place_of(f"{FILE}::{name}") == expected
    assert place_of(f"/elsewhere/{FILE}::{name}") == expected


def test_entries_are_kept(tmp_path):
    """What is written is read again."""
    kept = Kept(tmp_path)
    entries = [Entry("1a", 2e-16, 20), Entry("2b", None, 20), Entry("3c", 0.0, 100)]
    for number, entry in enumerate(entries):
        kept.add(f"{FILE}::test_{number}[torch]", entry)
    kept.write()
    again = Kept(tmp_path)
    for number, entry in enumerate(entries):
        assert again.find(f"{FILE}::test_{number}[torch]") == entry
    assert again.find(CASE) is None


def test_an_error_that_is_reproduced_stays(tmp_path):
    """A change of the code rewrites keys alone."""
    kept = Kept(tmp_path)
    for key, error, expected in (
        ("1a", 3e-9, 3e-9),
        ("2b", 5e-9, 3e-9),
        ("3c", 5e-7, 5e-7),
        ("4d", 4e-9, 4e-9),
    ):
        kept.add(CASE, Entry(key, error, 20))
        assert kept.find(CASE) == Entry(key, expected, 20)


@pytest.mark.parametrize(
    ("then", "now", "is_other"),
    [
        (2e-12, 3e-12, False),
        (2e-12, 3e-11, True),
        (2e-11, 1e-12, True),
        (0.0, 1e-15, False),
        (1e-17, 3e-14, True),
        (1e-12, math.nan, True),
        (1e-12, math.inf, True),
        (None, None, False),
        (None, 1e-12, True),
        (1e-12, None, True),
    ],
)
def test_within_a_factor_of_ten(then, now, is_other):
    """What a sampled case measures must be its evidence; rounding is rounding."""
    problem = Entry("1a", then, 20).contradicts(now, 20, "float64")
    assert bool(problem) == is_other


def test_deep_evidence_serves_fewer_steps():
    """Which may well differ less, but no more."""
    deep = Entry("1a", 1e-12, 100)
    assert not deep.contradicts(1e-15, 20, "float64")
    assert deep.contradicts(1e-10, 20, "float64")


def test_a_digest_that_does_not_fit(tmp_path):
    """Evidence that was edited by hand is refused."""
    kept = Kept(tmp_path)
    kept.add(CASE, Entry("1a", 3e-5, 20))
    kept.write()
    file = tmp_path / "chapter" / "test_section.json"
    file.write_text(file.read_text().replace("3e-05", "3e-15"))
    with pytest.raises(pytest.UsageError, match="does not fit its digest"):
        Kept(tmp_path).find(CASE)


def test_what_is_gone_is_dropped(tmp_path):
    """But nothing of a framework that was not asked for."""
    kept = Kept(tmp_path)
    names = ["test_a[jax]", "test_b[jax]", "test_b[torch]"]
    for name in names:
        kept.add(f"{FILE}::{name}", Entry("1a", 0.0, 20))
    kept.drop_gone([f"{FILE}::test_a[jax]"], ["jax"])
    found = [name for name in names if kept.find(f"{FILE}::{name}")]
    assert found == ["test_a[jax]", "test_b[torch]"]


def test_a_change_of_keys_is_small(tmp_path):
    """Ten thousand cases: the lines are long, what changes in them is not."""
    kept = Kept(tmp_path)
    for test in range(100):
        for framework in ("torch", "jax", "mxnet", "tensorflow"):
            name = f"{FILE}::TestIt::test_{test}[{framework}-float64]"
            kept.add(name, Entry(f"{test:08x}", 1e-16, 20))
    kept.write()
    assert sum(file.stat().st_size for file in tmp_path.rglob("*.json")) < 400 * 50


def items(count, name="test_it", fixtures=("pool",)):
    """So many cases."""
    return [
        SimpleNamespace(nodeid=f"{FILE}::{name}[jax-{i}]", fixturenames=fixtures)
        for i in range(count)
    ]


class Keys:
    """Every case's key is its name, but for those that have changed."""

    def __init__(self, changed=()):
        self.changed = changed

    def key(self, item):
        return "0" if item.nodeid in self.changed else item.nodeid.rpartition("-")[2]


@pytest.fixture
def kept(tmp_path):
    """Evidence of a thousand cases."""
    kept = Kept(tmp_path)
    for item in items(1000):
        kept.add(item.nodeid, Entry(Keys().key(item), 0.0, 20))
    return kept


def test_choice(kept, monkeypatch):
    """All that changed, a sample of the rest, and what is no case."""
    monkeypatch.setattr(choosing, "seed", lambda keys: "a commit")
    changed = {item.nodeid for item in items(1000)[:30]}
    plain = items(5, "test_plain", fixtures=())
    new = items(7, "test_new")
    found = choose([*items(1000), *plain, *new], Keys(changed), kept)
    assert set(found.changed) == changed | {item.nodeid for item in new}
    assert len(found.sampled) == choosing.SAMPLE
    assert len(found.standing) == 1000 - 30 - choosing.SAMPLE
    assert found.others == [item.nodeid for item in plain]
    assert len(found.to_run) == 30 + 7 + 5 + choosing.SAMPLE


def test_the_sample_changes_with_every_commit(kept, monkeypatch):
    """And is the same for the same commit."""
    samples = []
    for commit in ("one", "other", "one"):
        monkeypatch.setattr(choosing, "seed", lambda keys, commit=commit: commit)
        samples.append(set(choose(items(1000), Keys(), kept).sampled))
    assert samples[0] == samples[2] != samples[1]


CONFTEST = """
import pytest
from d2l.parity.measure import Measurement
from parity_tests.measured import Recorder

pytest_plugins = [
    "parity_tests.spread.plugin",
    "parity_tests.spread.shard",
    "parity_tests.proof.plugin",
]

def pytest_addoption(parser):
    parser.addoption("--framework")
    parser.addoption("--steps", type=int, default=20)

@pytest.fixture
def pool(request):
    def measured(error):
        found = Measurement("jax", "torch", "forward", "a", error, 1e-9)
        Recorder(request.node.user_properties).add("a/b", "s", "float64", [found])
    return measured
"""
SUITE = """
import pytest
@pytest.mark.parametrize("run", ["jax-float64", "jax-float32"])
def test_case(run, pool):
    pool(ERROR)
    assert not FAILS
def test_plain():
    pass
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    """Runs a small suite with evidence of its own; returns what it says."""
    folder = pytester.path / "evidence"
    monkeypatch.setattr(Kept.__init__, "__defaults__", (folder,))
    pytester.makeconftest(CONFTEST)

    def run(*options, key="1a2b3c4d", error=1e-12, fails=False):
        monkeypatch.setattr(CaseKeys, "key", lambda self, item: key)
        text = SUITE.replace("ERROR", repr(error)).replace("FAILS", repr(fails))
        pytester.makepyfile(test_it=text)
        return pytester.runpytest_inprocess("--changed", "--keep", *options)

    return run


def test_a_run_and_another(suite, pytester):
    """What passed stands on evidence until its key changes."""
    suite().stdout.fnmatch_lines(["2 cases: 2 had no evidence and ran, 0 *"])
    kept = json.loads((pytester.path / "evidence" / "test_it.json").read_text())
    assert kept["cases"] == {
        "test_case": {
            "jax-float32": "1a2b3c4d 1e-12",
            "jax-float64": "1a2b3c4d 1e-12",
        }
    }
    suite().stdout.fnmatch_lines(["2 cases: 0 had no evidence and ran, 2 were *"])
    suite(key="0").stdout.fnmatch_lines(["2 cases: 2 had no evidence and ran*"])


def test_a_sample_that_contradicts_its_evidence(suite):
    """It is red, and says what was measured and what had been."""
    suite()
    found = suite(error=1e-10)
    # In float32 both are rounding.
    found.assert_outcomes(failed=1, passed=2)
    found.stdout.fnmatch_lines(
        ["*does not hold: its error is 1e-10, where the evidence says 1e-12*"]
    )


def test_what_fails_is_no_evidence(suite):
    """It is run again the next time."""
    suite(fails=True).assert_outcomes(failed=2, passed=1)
    found = suite()
    found.stdout.fnmatch_lines(["2 cases: 2 had no evidence and ran, 0 *"])


def test_when_time_is_over(suite, monkeypatch):
    """Float64 runs in full, float32 by sample, and the run says what is left."""
    monkeypatch.setattr(choosing, "SAMPLE", 0)
    found = suite("--minutes", "0")
    found.assert_outcomes(passed=2)
    found.stdout.fnmatch_lines(["1 cases without evidence are left to `make parity`."])


def test_evidence_names_no_folder_of_a_machine():
    """The ids of cases are the same in every clone."""
    files = sorted(FOLDER.rglob("*.json"))
    assert files
    for path in files:
        assert str(FOLDER.parents[1]) not in path.read_text("utf-8"), path
