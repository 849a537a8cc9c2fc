"""What every command line must do: help, version, start fast, list, doctor."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import d2l as package
from d2l.common.frameworks import FRAMEWORKS, Framework
from d2l.trials import TRIALS

COMMAND = Path(sys.executable).with_name("d2l")
HEAVY = {"torch", "tensorflow", "jax", "mxnet", "numpy", "matplotlib", "sklearn"}


def test_help_names_every_command(d2l):
    for arguments in ((), ("--help",), ("-h",)):
        result = d2l(*arguments)
        assert result.exit_code == 0
        for name in ("list", "compare", "train", "parity", "weights", "code", "doctor"):
            assert name in result.stdout


@pytest.mark.parametrize("name", ["list", "compare", "train", "parity", "code"])
def test_every_command_explains_itself(d2l, name):
    result = d2l(name, "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout


def test_version(d2l):
    assert d2l("--version").stdout == f"d2l-suite {package.__version__}\n"


def test_help_is_fast():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([COMMAND, "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert b"compare" in done.stdout
    # Time of the processor: others may be using it as well.
    assert after.ru_utime - before.ru_utime < 1


def test_the_command_line_imports_nothing_heavy():
    program = "import sys, json, d2l.cli.app; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True
    )
    assert not HEAVY & set(json.loads(done.stdout))


def test_list_is_for_machines(d2l):
    found = d2l.json("list")
    assert found["version"] == package.__version__
    assert [f["framework"] for f in found["frameworks"]] == list(FRAMEWORKS)
    assert [r["name"] for r in found["trials"]] == list(TRIALS)
    lenet = next(s for s in found["sections"] if s["key"].endswith("/lenet"))
    assert "torch" in lenet["modules"]
    assert lenet["kind"] == "model"
    shared = next(s for s in found["sections"] if s["key"].endswith("/value_iter"))
    assert shared["kind"] == "shared"
    assert shared["modules"] == list(FRAMEWORKS)
    assert list(d2l.json("list", "trials")) == ["version", "trials"]


def test_list_is_for_people(d2l, monkeypatch, tmp_path):
    monkeypatch.setenv("D2L_DATA", str(tmp_path))
    text = d2l("list").stdout
    assert "LeNet" in text
    assert "mnist (absent)" in text
    assert "convolutional_neural_networks/lenet" in text
    assert "one for all" in text


def test_list_says_why_a_framework_is_missing(d2l, monkeypatch):
    monkeypatch.setattr(Framework, "missing", lambda self: list(self.packages))
    assert "pip install 'd2l-suite[torch]'" in d2l("list", "frameworks").stdout
    for row in d2l.json("list", "frameworks")["frameworks"]:
        assert not row["installed"]
        assert row["reason"]


@pytest.mark.usefixtures("shared_backends")
def test_doctor_starts_every_backend(d2l, frameworks, monkeypatch):
    absent = [f for f in FRAMEWORKS if f not in frameworks]
    monkeypatch.setattr(
        Framework, "missing", lambda self: ["it"] if self.key in absent else []
    )
    rows = {f["framework"]: f for f in d2l.json("doctor")["frameworks"]}
    for name in frameworks:
        assert rows[name]["works"], rows[name]
        assert rows[name]["gpus"] >= 0
    assert not rows[absent[0]]["works"]
    text = d2l("doctor").stdout
    assert "works, version" in text
    assert "data in" in text


def test_doctor_where_nothing_works(d2l, monkeypatch):
    monkeypatch.setattr(Framework, "missing", lambda self: list(self.packages))
    result = d2l("doctor")
    assert result.exit_code == 2
    assert "pip install" in result.stdout


def test_doctor_reports_a_backend_that_dies(d2l, monkeypatch):
    monkeypatch.setattr(Framework, "missing", lambda self: list(self.packages))
    found = d2l.json("doctor", "--python", "jax=/bin/false", code=2)
    row = next(f for f in found["frameworks"] if f["framework"] == "jax")
    assert "has died (exit code 1)" in row["reason"]
