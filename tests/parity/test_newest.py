"""Environments of newest releases: what is installed, and when nothing is."""

import json

import pytest

from d2l.common.frameworks import FRAMEWORKS
from parity_tests.elsewhere import newest

PINS = newest.pinned((newest.ROOT / "constraints.txt").read_text())


@pytest.fixture
def pip(tmp_path):
    """An environment whose Python writes down what it is asked, and lets pip report."""

    def make(report=None, code=0):
        folder = tmp_path / "environment"
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "report").write_text(json.dumps(report or {"install": []}))
        python = folder / "bin" / "python"
        python.write_text(
            f'#!/bin/sh\necho "$@" >> {folder}/asked\n'
            f'case "$*" in *--dry-run*) cat {folder}/report;; esac\nexit {code}\n'
        )
        python.chmod(0o755)
        return folder

    return make


def report_of(**versions):
    packages = versions.items()
    return {"install": [{"metadata": {"name": n, "version": v}} for n, v in packages]}


@pytest.fixture
def run(monkeypatch):
    """Runs the command; returns its exit code, or what it says instead."""

    def command(*arguments):
        monkeypatch.setattr("sys.argv", ["newest", *map(str, arguments)])
        try:
            newest.main()
        except SystemExit as end:
            return end.code
        return 0

    return command


def asked(folder):
    return (folder / "asked").read_text().splitlines()


def test_names_in_constraints():
    text = "JAX==0.7.1\ntensorflow_cpu==2.21.0\ntyping.x==1\n# a==2\n"
    found = newest.pinned(text)
    assert found == {"jax": "0.7.1", "tensorflow-cpu": "2.21.0", "typing-x": "1"}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_is_pinned(framework):
    """Else no release of it would ever be newer."""
    names = {
        n.partition("=")[0].partition(">")[0] for n in newest.requirements(framework)
    }
    assert names & PINS.keys() & {"torch", "tensorflow-cpu", "jax", "mxnet"}


def test_nothing_newer(run, pip, capsys):
    folder = pip(report_of(jax=PINS["jax"], flax="0.1", jaxlib="99"))
    assert run("jax", folder) == newest.NOTHING_NEWER
    said = capsys.readouterr().out
    assert f"jax: {PINS['jax']}, pinned is {PINS['jax']}" in said
    assert said.endswith("JAX has no release that is newer.\n")
    assert len(asked(folder)) == 1


def test_a_newer_release_is_installed(run, pip, capsys):
    folder = pip(report_of(jax="99.0", Flax=PINS["flax"]))
    assert run("jax", folder) == 0
    assert "jax: 99.0, pinned is" in capsys.readouterr().out
    dry, installed = asked(folder)
    assert "--dry-run" in dry
    assert "--upgrade" in installed
    for line in (dry, installed):
        assert "jax>=" in line
        assert "safetensors" in line
        assert "torch" not in line
        assert "constraints" not in line


def test_a_candidate_is_installed_whatever_is_newer(run, pip):
    folder = pip()
    assert run("jax", folder, "jax==9.9rc1", "jaxlib==9.9rc1") == 0
    newest_of_all, candidate = asked(folder)
    assert "--pre" not in newest_of_all
    assert "--pre --upgrade jax==9.9rc1 jaxlib==9.9rc1" in candidate


def test_what_fails_is_a_sentence(run, pip):
    assert "FRAMEWORK is one of torch, " in run("jx", "folder")
    assert "failed: there is nothing to check." in run("jax", pip(code=1))


def test_an_environment_is_made(monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(newest.subprocess, "run", lambda c, **_: made.append(c))
    python = newest.prepare(tmp_path / "new")
    assert python == str(tmp_path / "new" / "bin" / "python")
    assert made[0][1:] == ["-m", "venv", str(tmp_path / "new")]
