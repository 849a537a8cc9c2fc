"""Setting up .venv, with a stand-in for its Python: what pip says is written here."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import d2l

ROOT = Path(d2l.__file__).resolve().parents[1]
#: Answers as .venv's Python does, and keeps what pip was asked for.
STAND_IN = """#!/bin/sh
case "$*" in
    *--version) echo pip 26 ;;
    *version_info*) cat version ;;
    *) echo "$*" >> asked; cat said; cat errors >&2; exit $(cat code) ;;
esac
"""
BROKEN = "WARNING: Retrying after connection broken by 'NameResolutionError'\n"
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left\n"
BOTH = {".ready-run", ".ready-dev"}


@pytest.fixture
def set_up():
    """The module, which is no part of a package."""
    path = ROOT / "tools" / "set_up.py"
    spec = importlib.util.spec_from_file_location("set_up", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository with an environment, in which pip does what files say."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)
    for name, text in {
        "version": "3.12",
        "said": "",
        "errors": "",
        "code": "0",
    }.items():
        (tmp_path / name).write_text(text)
    for name in ("pyproject.toml", "constraints.txt", "asked"):
        (tmp_path / name).touch()
    return tmp_path


def asked(folder):
    """The last arguments of what pip was asked for since the last question."""
    lines = (folder / "asked").read_text().splitlines()
    (folder / "asked").write_text("")
    return [line.split()[-1] for line in lines]


def ready(folder):
    return {path.name for path in (folder / ".venv").glob(".ready-*")}


def test_what_is_installed_for_whom(set_up, folder):
    set_up.main("run")
    assert asked(folder) == [set_up.PIP, ".[all]"]
    assert ready(folder) == {".ready-run"}
    set_up.main("dev")
    assert asked(folder) == [set_up.PIP, ".[all,dev]"]
    assert ready(folder) == BOTH
    set_up.main("run")
    set_up.main("dev")
    assert asked(folder) == []


def test_who_has_everything_can_run(set_up, folder):
    set_up.main("dev")
    assert ready(folder) == BOTH
    asked(folder)
    set_up.main("run")
    assert asked(folder) == []


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_new_requirements_are_installed(set_up, folder, name):
    set_up.main("dev")
    asked(folder)
    later = (folder / ".venv" / ".ready-dev").stat().st_mtime + 1
    os.utime(folder / name, (later, later))
    set_up.main("run")
    assert asked(folder) == [set_up.PIP, ".[all]"]
    assert (folder / ".venv" / ".ready-dev").stat().st_mtime < later


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize(
    ("errors", "sentence", "shown"),
    [
        (BROKEN + "ERROR: ResolutionImpossible\n", "cannot be reached", BROKEN),
        (FULL, "a disk is full", FULL),
        ("ERROR: no wheel\n", "pip says above why", "ERROR: no wheel\n"),
    ],
)
def test_a_failure_ends_in_a_sentence(
    set_up, folder, capfd, monkeypatch, errors, sentence, shown, terminal
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    (folder / "errors").write_text(errors)
    (folder / "code").write_text("1")
    set_up._stamp("run").touch()
    os.utime(set_up._stamp("run"), (0, 0))
    with pytest.raises(SystemExit, match=f"^d2l-suite is not set up: .*{sentence}"):
        set_up.main("run")
    out, err = capfd.readouterr()
    assert errors in out if terminal else err.strip() == shown.strip()
    assert ready(folder) == set()
    (folder / "code").write_text("0")
    set_up.main("run")
    assert ready(folder) == {".ready-run"}


def test_a_log_has_a_line_for_what_is_large(set_up, folder, capfd):
    (folder / "said").write_text(
        "Collecting torch\n"
        "  Downloading torch-2.13.0-cp312-cp312-linux.whl.metadata (29 kB)\n"
        "Downloading torch-2.13.0-cp312-cp312-linux.whl (754.1 MB)\n"
        "  Using cached jax-0.7.1-py3-none-any.whl (2.8 MB)\n"
        "Using cached six-1.17.0-py2.py3-none-any.whl (11 kB)\n"
        "Installing collected packages: six, torch, jax\n"
        "Successfully installed six-1.17.0 torch-2.13.0 jax-0.7.1\n"
    )
    set_up.main("run")
    first, *lines, last = capfd.readouterr().out.splitlines()
    assert first.startswith("Installing d2l and the four frameworks")
    shown = [
        "Downloading torch-2.13.0-cp312-cp312-linux.whl (754.1 MB)",
        "Using cached jax-0.7.1-py3-none-any.whl (2.8 MB)",
        "Installing 3 packages",
    ]
    # The stand-in says the same of pip itself.
    assert lines == 2 * shown
    assert last.startswith("Installed in ")


def test_a_terminal_has_all_that_pip_says(set_up, folder, capfd, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    (folder / "said").write_text("Collecting torch\n")
    set_up.main("run")
    assert "--progress-bar on" in (folder / "asked").read_text()
    assert capfd.readouterr().out.count("Collecting torch\n") == 2


def test_what_pip_was_interrupted_at_is_installed_again(set_up, folder):
    site = folder / ".venv" / "lib" / "python3.12" / "site-packages"
    for name in ("whole-1.dist-info", "half-1.dist-info", "~emoved-1.dist-info"):
        (site / name).mkdir(parents=True)
        (site / name / "METADATA").touch()
    (site / "whole-1.dist-info" / "INSTALLER").write_text("pip\n")
    set_up.main("run")
    assert [path.name for path in site.iterdir()] == ["whole-1.dist-info"]


def test_an_environment_of_another_python_is_not_touched(set_up, folder):
    (folder / "version").write_text("3.13")
    with pytest.raises(SystemExit, match=r"has Python 3\.13, and d2l-suite"):
        set_up.main("run")
    assert asked(folder) == []


def test_an_environment_without_pip_is_made_anew(set_up, folder, monkeypatch):
    """Such as one that was interrupted while it was made."""
    made = []

    really_run = subprocess.run

    def run(command, **options):
        if command[0] != sys.executable:
            return really_run(command, **options)
        made.append(command[1:])
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    (folder / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(SystemExit, match=r"cannot make \.venv"):
        set_up.main("run")
    assert made == [["-m", "venv", "--clear", ".venv"]]


def test_make_without_python_says_what_is_needed(tmp_path):
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(
        [shutil.which("make"), "run"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    sentence = done.stderr.splitlines()[0]
    assert sentence.startswith("d2l-suite needs Python 3.11 or 3.12, and there is none")
    assert not (tmp_path / ".venv").exists()
