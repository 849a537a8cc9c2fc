"""The package as a reader gets it: a wheel, in an environment without the repository.

The environment borrows the frameworks of the one that runs the tests, but not its d2l;
nothing is downloaded.
"""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

import d2l
from d2l.common.contents import read_contents
from d2l.common.frameworks import installed

PACKAGE = Path(d2l.__file__).parent
#: Those that start soonest come first.
QUICK = ("torch", "mxnet", "jax", "tensorflow")
PIP = [sys.executable, "-m", "pip", "--no-input"]
BUILD_SDIST = (
    "import setuptools.build_meta as s, sys; print(s.build_sdist(sys.argv[1]))"
)


def call(*command, folder, code=0):
    """Run a command in a folder, without this repository; what it prints."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the source distribution, and that from the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    root = folder / "repository"
    copytree(PACKAGE, root / "d2l", ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (root / name).write_bytes((PACKAGE.parent / name).read_bytes())
    call(sys.executable, "-c", BUILD_SDIST, folder, folder=root)
    [sdist] = folder.glob("*.tar.gz")
    offline = ("--no-deps", "--no-index", "--no-build-isolation")
    call(*PIP, "wheel", *offline, "--wheel-dir", folder, sdist, folder=folder)
    [wheel] = folder.glob("*.whl")
    return wheel


class Reader:
    """An environment with the wheel, and an empty folder to run commands in."""

    def __init__(self, wheel, home, folder):
        self.programs, self.folder = home / "bin", folder
        call(sys.executable, "-m", "venv", "--without-pip", home, folder=folder)
        into = ("--python", self.programs / "python")
        offline = ("--no-deps", "--no-index")
        call(*PIP, *into, "install", *offline, wheel, folder=folder)
        [self.packages] = home.glob("lib/python*/site-packages")
        # Paths in such a file come last, and files like it are not read in them: so
        # what makes the repository's d2l importable here does not work there.
        borrowed = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
        (self.packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)))

    def __call__(self, program, *arguments, code=0):
        """Run a program of the environment; what it prints."""
        return call(self.programs / program, *arguments, folder=self.folder, code=code)


@pytest.fixture(scope="module")
def reader(wheel, tmp_path_factory):
    """An environment of its own with the wheel."""
    home, folder = (tmp_path_factory.mktemp(name) for name in ("home", "empty"))
    return Reader(wheel, home, folder)


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    paths = [path for path in PACKAGE.rglob("*") if path.is_file()]
    expected = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in paths
        if path.suffix != ".pyc"
    }
    names = zipfile.ZipFile(wheel).namelist()
    assert {n for n in names if n.startswith("d2l/")} == expected
    assert {Path(name).suffix for name in expected} > {".toml", ".csv", ".css", ".pyi"}
    others = {name.partition("/")[0] for name in names} - {"d2l"}
    assert len(others) == 1, others


def test_the_main_job(reader):
    """Two frameworks train LeNet from the wheel's own files alone."""
    found = [name for name in QUICK if name in installed()]
    if len(found) < 2:
        pytest.skip("two frameworks are needed")
    assert reader("python", "-c", "import d2l; print(d2l.__file__)").strip() == str(
        reader.packages / "d2l" / "__init__.py"
    )
    chosen = ("--frameworks", ",".join(found[:2]), "--epochs", 1, "--out", "results")
    assert "LeNet on digits" in reader("d2l", "compare", "lenet", *chosen)
    assert [path.name for path in reader.folder.iterdir()] == ["results"]
    written = {path.name: path for path in (reader.folder / "results").iterdir()}
    assert written.keys() == {"compare.json", "curves.svg", "index.html"}
    record = json.loads(written["compare.json"].read_text("utf-8"))
    assert [run["framework"] for run in record["runs"]] == found[:2]
    assert {run["steps"] for run in record["runs"]} == {23}
    assert record["passed"]


def test_lists_and_code(reader):
    """The book's sections are known, though its pages are not installed."""
    sections = json.loads(reader("d2l", "list", "sections", "--json"))["sections"]
    keys = [section.key for chapter in read_contents() for section in chapter.sections]
    assert [section["key"] for section in sections] == keys
    text = reader("d2l", "code", "linear_regression/oo_design")
    assert "# MXNet: d2l/mxnet/linear_regression/oo_design.py:1" in text


@pytest.mark.parametrize(
    "command", [("build",), ("check",), ("run",), ("notebooks", "--framework", "jax")]
)
def test_the_book_needs_the_repository(reader, command):
    said = reader("d2l", "book", *command, code=2)
    assert said.startswith("d2l: The book's pages are not installed with the package")
    assert said.count("\n") == 1


def test_another_interpreter_gets_d2l_and_no_other_package(reader, tmp_path):
    """The wheel's d2l lies among packages that are of one Python alone."""
    other = tmp_path / "python"
    other.write_text('#!/bin/sh\necho given: $(ls "${PYTHONPATH%%:*}") >&2\nexit 1\n')
    other.chmod(0o755)
    chosen = ("--framework", "torch", "--python", f"torch={other}")
    said = reader("d2l", "train", "linear_regression", *chosen, code=2)
    assert said.strip().endswith("its last words: given: d2l")
    # What was lent to the other interpreter is taken away, not deleted.
    assert (reader.packages / "d2l" / "__init__.py").is_file()
