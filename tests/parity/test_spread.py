"""Tests on several processes: the same results, and what happens when one dies."""

import json
import os
import re
import signal
import sys
import time
from types import SimpleNamespace

# Here, once for all runs within this process.
import distributed  # noqa: F401
import psutil
import pytest

from parity_tests.spread import cluster, fingerprint
from parity_tests.spread.grouping import grouped
from parity_tests.spread.role import UNTIL

pytest_plugins = "pytester"
# A server takes a second to start: the machine may be busy.
pytestmark = pytest.mark.timeout(120)

CONFTEST = """
import pytest
from d2l.parity.measure import Measurement
from parity_tests.measured import Collector, Recorder
from parity_tests.spread.role import is_server

def pytest_addoption(parser):
    parser.addoption("--evidence")

def pytest_configure(config):
    if not is_server(config):
        config.pluginmanager.register(Collector(config.getoption("--evidence"), 20))

@pytest.fixture
def evidence(request):
    return Recorder(request.node.user_properties)

@pytest.fixture(scope="session")
def session_calls():
    return []

@pytest.fixture(scope="module")
def module_calls():
    return []
"""

SUITE = """
import math
import warnings
import pytest
from d2l.parity.measure import Measurement

@pytest.mark.parametrize("framework", ["torch", "jax"])
class TestBoth:
    def test_passes(self, framework):
        print("said")

    def test_fails(self, framework):
        assert framework == "jax", "as it should"

    @pytest.mark.parametrize("error", [0.1 + 0.2, math.inf])
    def test_measures(self, framework, error, evidence):
        # Of equal errors the first is kept, in the order of collection.
        names = framework, "torch", "forward"
        found = [Measurement(*names, tensor, error, 1e-9) for tensor in "ab"]
        evidence.add("chapter/section", "subject", "float64", found)

@pytest.mark.skip(reason="not today")
def test_skipped():
    pass

@pytest.mark.xfail(reason="known")
def test_expected():
    raise ValueError

def test_error(no_such_fixture):
    pass

def test_warns(record_property):
    record_property("key", [1])
    warnings.warn("careful", RuntimeWarning)
"""


def told(recorder):
    """What the reports of a run say, by test and phase; when and how long aside."""
    return {
        (report.nodeid, report.when): (
            report.outcome,
            report.location,
            getattr(report, "wasxfail", None),
            re.sub("0x[0-9a-f]+", "", report.longreprtext),
            report.longrepr if isinstance(report.longrepr, tuple) else None,
            report.sections,
            report.user_properties,
        )
        for report in recorder.getreports("pytest_runtest_logreport")
    }


def warned(recorder):
    """The texts of warnings of tests."""
    calls = recorder.getcalls("pytest_warning_recorded")
    return [
        (str(c.warning_message.message), c.nodeid, c.warning_message.category)
        for c in calls
        if c.when == "runtest"
    ]


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs a suite with the plugin, in this process."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run_suite(*arguments, **files):
        pytester.makepyfile(**files)
        own = ["-p", "no:cacheprovider", "-p", "parity_tests.spread.plugin"]
        return pytester.inline_run(*own, *arguments)

    return run_suite


def failures(recorder):
    """The names of the tests that failed, and why."""
    reports = recorder.getreports("pytest_runtest_logreport")
    return {r.nodeid.split("::")[-1]: r.longreprtext for r in reports if r.failed}


LASTING = """
import os
import pytest

@pytest.mark.parametrize("framework", ["jax", "torch", "mxnet", "none"])
@pytest.mark.parametrize("number", [1, 2])
def test_fixtures(framework, number, session_calls, module_calls, record_property):
    session_calls.append(0)
    module_calls.append(0)
    process = os.getpid(), framework == "jax"
    record_property("calls", [process, len(session_calls), len(module_calls)])
"""


def test_results_are_those_of_one_process(run, pytester):
    files = {"conftest": CONFTEST, "test_suite": SUITE}
    one = run("--evidence", "one", **files)
    options = ["--evidence", "two", "--workers", "2", "--junitxml", "two.xml"]
    two = run(*options, test_lasting=LASTING, **files)
    lasting, found = split(told(two))
    assert found == told(one)
    assert len(found) == 34
    assert warned(two) == warned(one)
    assert len(warned(one)) == 1
    assert two.ret == one.ret == pytest.ExitCode.TESTS_FAILED
    path = "chapter/section.json"
    text = (pytester.path / "one" / path).read_text()
    assert (pytester.path / "two" / path).read_text() == text
    assert '"error": null' in text
    assert '"tensor": "a"' in text
    xml = (pytester.path / "two.xml").read_text()
    assert 'errors="1" failures="1" skipped="2" tests="20"' in xml
    assert "measured" not in xml
    called = [entry[-1] for (_, when), entry in lasting.items() if when == "call"]
    check_fixtures([dict(properties)["calls"] for properties in called])


def split(reports):
    """Those of LASTING, which are not the same in every process, and the others."""
    own = {key: r for key, r in reports.items() if key[0].startswith("test_lasting")}
    return own, {key: r for key, r in reports.items() if key not in own}


def check_fixtures(calls):
    """Fixtures of the session outlive a group, those of a module do not.

    The session's end with JAX, which is the first to be run.
    """
    of_session, of_module = {}, []
    for (pid, is_jax), in_session, in_module in calls:
        of_session.setdefault((pid, is_jax), set()).add(in_session)
        of_module.append(in_module)
    # Four groups of two, in two processes: one has run two of the three without JAX.
    assert len(calls) == 8
    assert max(map(len, of_session.values())) >= 4
    for counts in of_session.values():
        assert counts == set(range(1, len(counts) + 1))
    assert set(of_module) == {1, 2}


def test_it_stops_at_the_first_failure(run):
    recorder = run("--workers", "2", "-x", conftest=CONFTEST, test_suite=SUITE)
    assert len(failures(recorder)) == 1
    assert recorder.ret == pytest.ExitCode.TESTS_FAILED


#: victim: what finds the process to kill.
DEADLY = """
import os, pathlib, signal, time
import pytest

@pytest.mark.parametrize("framework", ["torch", "jax", "mxnet"])
class TestDeath:
    def test_before(self, framework):
        pass

    def test_kills(self, framework):
        seen = pathlib.Path(f"seen-{framework}")
        count = len(seen.read_text()) if seen.exists() else 0
        seen.write_text("x" * (count + 1))
        if framework == "jax" or framework == "torch" and not count:
            os.kill(os.VICTIM(), signal.SIGKILL)
            time.sleep(60)
"""


@pytest.mark.parametrize(
    ("arguments", "victim"),
    [(["--workers", "2"], "getpid"), (["--cluster", "local:2"], "getppid")],
    ids=["a server", "a worker of a cluster"],
)
def test_a_death_costs_its_group(run, pytester, arguments, victim):
    suite = DEADLY.replace("VICTIM", victim)
    found = run(*arguments, test_suite=suite)
    # Its second death is the end of one group; the other two lose nothing.
    assert set(failures(found)) == {"test_before[jax]", "test_kills[jax]"}
    for text in failures(found).values():
        assert text.startswith(
            "test_suite.py::TestDeath in JAX could not be run, tried 2 times: "
        )
    assert len(found.getreports("pytest_runtest_logreport")) == 4 * 3 + 2
    runs = {f: (pytester.path / f"seen-{f}").read_text() for f in ("torch", "mxnet")}
    assert runs == {"torch": "xx", "mxnet": "x"}


OTHER = """
import pathlib
import pytest

seen = pathlib.Path(__file__).with_name("seen")
if seen.exists():
    OTHERWISE
seen.touch()

def test_first():
    pass
"""


@pytest.mark.parametrize(
    ("otherwise", "sentence"),
    [
        ("test_second = lambda: 0", "would not run the same: it collects other tests."),
        ("raise ImportError('no!')", "A case server could not start: ImportError: no!"),
    ],
    ids=["it collects others", "it cannot collect"],
)
def test_a_server_that_would_not_run_the_same(run, capfd, otherwise, sentence):
    suite = OTHER.replace("OTHERWISE", otherwise)
    assert run("--workers", "2", test_suite=suite).ret == pytest.ExitCode.USAGE_ERROR
    error = capfd.readouterr().err.strip()
    assert sentence in error
    assert len(error.splitlines()) == 1


ENDLESS = """
import os, pathlib, subprocess, sys, time

def test_endless():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])
    temporary = pathlib.Path("pids.tmp")
    temporary.write_text(f"{os.getpid()} {child.pid}")
    temporary.rename("pids")
    time.sleep(99)
"""


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 2), (signal.SIGKILL, -9)], ids=["Ctrl-C", "kill"]
)
def test_nothing_is_left_behind(pytester, monkeypatch, sent, code):
    monkeypatch.setenv("TMPDIR", str(pytester.path))
    monkeypatch.setenv("PYTHONPATH", str(fingerprint.ROOT))
    pytester.makepyfile(test_suite=ENDLESS)
    plugins = ["-p", "no:cacheprovider", "-p", "parity_tests.spread.plugin"]
    command = [sys.executable, "-m", "pytest", *plugins, "--workers", "2"]
    controller = pytester.popen(command, start_new_session=True)
    wait_until(lambda: (pytester.path / "pids").exists())
    pids = [int(pid) for pid in (pytester.path / "pids").read_text().split()]
    assert all(map(psutil.pid_exists, pids))
    assert list(pytester.path.glob("d2l-case-server-*"))
    # As a terminal does, to the whole group.
    os.killpg(controller.pid, sent)
    assert controller.wait(30) == code
    wait_until(lambda: not any(map(psutil.pid_exists, pids)))
    wait_until(lambda: not list(pytester.path.glob("d2l-case-server-*")))


def wait_until(condition, seconds=30):
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_no_scheduler(monkeypatch):
    assert cluster.TIMEOUT <= 10
    monkeypatch.setattr(cluster, "TIMEOUT", 0.5)
    with pytest.raises(pytest.UsageError, match=r"There is no .* at tcp://127.0.0.1:9"):
        cluster.Cluster("tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(pytest.UsageError, match=r"pip install 'd2l-suite\[cluster\]'"):
        cluster.Cluster("local")


class Item:
    """What is looked at of a collected test."""

    def __init__(self, nodeid, **parameters):
        self.nodeid = nodeid
        self.callspec = SimpleNamespace(params=parameters)
        self.stash = {}


def test_groups():
    """By class and framework; JAX first, then by the number of tests.

    What may be left out comes last.
    """
    items = [
        Item("a.py::Test::test_1[torch]", framework="torch"),
        Item("a.py::Test::test_1[jax-float32]", run=("jax", "float32")),
        Item("a.py::Test::test_1[tensorflow]", any_run=("tensorflow", "float64")),
        Item("a.py::Test::test_2[jax-float64]", run=("jax", "float64")),
        Item("b.py::test_1"),
        Item("b.py::test_2[torch]", breakage=SimpleNamespace(framework="torch")),
        Item("b.py::test_3"),
        Item("b.py::test_4[jax]", framework="jax"),
    ]
    items[-1].stash[UNTIL] = 0.0
    groups = grouped(items)
    assert [group.title for group in groups] == [
        "a.py::Test in JAX",
        "a.py::Test in TensorFlow",
        "b.py",
        "a.py::Test in PyTorch",
        "b.py in PyTorch",
        "b.py in JAX",
    ]
    assert [len(group.node_ids) for group in groups] == [2, 1, 2, 1, 1, 1]


def test_fingerprints(monkeypatch, tmp_path):
    here = fingerprint.fingerprint([Item("a"), Item("b")])
    assert fingerprint.difference(here, here) == ""
    assert json.loads(json.dumps(here)) == here
    other = fingerprint.fingerprint([Item("ab")])
    assert fingerprint.difference(here, other) == "it collects other tests"
    versions = {k: v for k, v in here["versions"].items() if k != "numpy"}
    found = fingerprint.difference(here, {**here, "versions": versions})
    assert found.startswith("it has numpy not at all, not ")
    (tmp_path / "d2l").mkdir()
    (tmp_path / "d2l" / "module.py").write_text("")
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    found = fingerprint.difference(
        here, fingerprint.fingerprint([Item("a"), Item("b")])
    )
    assert found == "its files of d2l and parity_tests are others"
