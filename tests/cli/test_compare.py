"""`d2l compare` on real backends: the record, the table, the files."""

import contextlib
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import psutil
import pytest

from d2l.parity.compare import Watcher
from d2l.parity.pool import TaskFailed, Worker

RUN_KEYS = {
    "framework",
    "version",
    "parameters",
    "steps",
    "curve",
    "final_loss",
    "final_metric",
    "step_ms",
    "first_step_ms",
    "peak_memory_mib",
}


def compare(frameworks, *more):
    names = ",".join(frameworks)
    chosen = ("--frameworks", names, "--precision", "float64", "--epochs", 2)
    return ("compare", "linear_regression", *chosen, *more)


@pytest.fixture
def record(d2l, frameworks, shared_backends):
    return d2l.json(*compare(frameworks, "--out", "results", "--seed", 3))


def test_record_table_and_files(record, frameworks, tmp_path):
    assert record["trial"] == "linear_regression"
    assert record["data"] == "synthetic"
    assert record["precision"] == "float64"
    assert record["seed"] == 3
    assert record["reference"] == frameworks[0]
    assert [r["framework"] for r in record["runs"]] == frameworks
    for run in record["runs"]:
        assert run.keys() >= RUN_KEYS
        assert run["steps"] == len(run["curve"]) == 64
        assert run["final_loss"] == run["curve"][-1] < run["curve"][0]
        assert run["parameters"] == 3
        assert run["final_metric"] == run["metrics"][-1]
        assert len(run["metrics"]) == 2
        assert run["first_step_ms"] > 0 < run["peak_memory_mib"]
    (difference,) = record["differences"]
    assert difference["framework"] == frameworks[1]
    for kind, limit in record["tolerances"].items():
        assert 0 <= difference[kind] <= limit
    assert record["passed"]
    assert record["failures"] == []
    _check_files(record, tmp_path / "results")


class Resources(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            is_link = name in ("src", "href", "xlink:href", "srcset", "data")
            if is_link and not (value or "").startswith("#"):
                self.found.append((tag, name, value))


def _check_files(record, folder):
    assert json.loads((folder / "compare.json").read_text()) == record
    plot = ElementTree.parse(folder / "curves.svg").getroot()
    assert plot.tag == "{http://www.w3.org/2000/svg}svg"
    page = (folder / "index.html").read_text()
    resources = Resources()
    resources.feed(page)
    assert resources.found == []
    for word in ("@import", "url(http", "<script"):
        assert word not in page
    assert not re.search(r"\$\w", page)
    assert "prefers-color-scheme: dark" in page
    assert 'role="img"' in page
    assert page.count('<section class="column">') == len(record["runs"])
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o044


@pytest.mark.usefixtures("shared_backends")
def test_table_for_people(d2l, frameworks):
    result = d2l(*compare(frameworks, "--jobs", 2, "--reference", frameworks[1]))
    assert result.exit_code == 0, result.output
    for word in ("Linear regression", "peak memory", "reference", "gradients", "ok"):
        assert word in result.stdout
    assert result.stderr == ""


@pytest.mark.usefixtures("shared_backends")
def test_long_trainings_are_judged_by_their_first_steps(d2l, frameworks):
    arguments = compare(frameworks, "--epochs", 5)
    record = d2l.json(*arguments)
    (difference,) = record["differences"]
    assert record["runs"][0]["steps"] == 160
    for kind in ("later_steps", "parameters"):
        assert record["tolerances"][kind] is None
        assert difference[kind] >= 0
    assert difference["curve"] <= record["tolerances"]["curve"]
    assert record["passed"]
    row = next(r for r in d2l(*arguments).stdout.splitlines() if "later steps" in r)
    assert "ok" not in row


@pytest.mark.usefixtures("shared_backends")
def test_one_framework_has_nobody_to_differ_from(d2l, frameworks):
    record = d2l.json(*compare(frameworks[:1]))
    assert record["differences"] == []
    assert record["passed"]


@pytest.mark.usefixtures("shared_backends")
def test_broken_tolerance_exits_with_1(d2l, frameworks, monkeypatch):
    monkeypatch.setattr("d2l.parity.comparison.tolerance", lambda *_, **__: -1.0)
    record = d2l.json(*compare(frameworks), code=1)
    assert not record["passed"]
    assert not record["differences"][0]["passed"]
    problems = "\n".join(record["differences"][0]["problems"])
    for tensor in ("output", "train_loss", "net.weight", "parameter.net.bias"):
        assert f"{tensor}: error" in problems
    assert frameworks[1] in problems


@pytest.mark.usefixtures("shared_backends")
def test_divergence_is_valid_json_and_no_agreement(d2l, frameworks, monkeypatch):
    from d2l.parity import compare as comparing
    from d2l.parity.initial_weights import initial_weights

    def huge(shapes, seed):
        return {k: v * 1e200 for k, v in initial_weights(shapes, seed).items()}

    monkeypatch.setattr(comparing, "initial_weights", huge)
    record = d2l.json(*compare(frameworks, "--out", "results"), code=1)
    assert record["runs"][0]["final_loss"] is None
    assert record["differences"][0]["curve"] is None
    assert "BROKEN" in d2l(*compare(frameworks)).stdout


def youngest_worker(framework):
    """The process of a backend that this process has started last."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if {"d2l.parity.worker", framework} <= set(child.cmdline()):
                found.append(child)
    return max(found, key=psutil.Process.create_time)


def test_killed_backend_is_named_and_the_others_are_kept(
    d2l, frameworks, monkeypatch, tmp_path
):
    # The reference dies: another one takes its place.
    victim, survivor = frameworks

    class Killer(Watcher):
        def step(self, framework, state):
            if framework == victim and state["step"] == 5:
                youngest_worker(victim).kill()

    watching = contextlib.contextmanager(lambda _: iter([Killer()]))
    monkeypatch.setattr("d2l.cli.live.watching", watching)
    # Long enough for the process not to have finished before it is killed.
    more = ("--epochs", 30, "--json", "--out", "results")
    result = d2l(*compare(frameworks, *more))
    assert result.exit_code == 2
    assert "process has died (signal 9)" in result.stderr
    assert result.stderr.count("\n") == 1
    record = json.loads(result.stdout)
    assert [r["framework"] for r in record["runs"]] == [survivor]
    assert record["reference"] == survivor
    assert [f["framework"] for f in record["failures"]] == [victim]
    page = (tmp_path / "results" / "index.html").read_text()
    assert "has died" in page


@pytest.mark.usefixtures("shared_backends")
def test_exception_in_a_backend_is_one_sentence(d2l, frameworks, monkeypatch):
    whole = Worker.run

    def run(self, task, *args, **kwargs):
        if task == "gradients" and self.framework == frameworks[1]:
            raise TaskFailed(self.framework, "ValueError: no", "Traceback: here\n")
        return whole(self, task, *args, **kwargs)

    monkeypatch.setattr(Worker, "run", run)
    result = d2l(*compare(frameworks))
    assert result.exit_code == 2
    assert result.stderr == f"d2l: {frameworks[1]}: ValueError: no\n"
    assert "failed" in result.stdout
    result = d2l(*compare(frameworks), "--debug")
    assert "Traceback: here" in result.stderr


def test_all_backends_dead_leave_nothing(d2l, tmp_path):
    given = ("--frameworks", "torch", "--python", "torch=/bin/false")
    d2l.refused("compare", "linear_regression", *given, "--out", "results")
    assert list(tmp_path.iterdir()) == []
