"""Fixtures: the command line in this process, with backends that are shared."""

import contextlib
import json

import pytest
from typer.testing import CliRunner

from d2l.cli import parity_run
from d2l.cli.app import app
from d2l.common.frameworks import installed
from d2l.parity import models, pool as pools

#: Those that start soonest come first.
QUICK = ("torch", "mxnet", "jax", "tensorflow")


class CommandLine:
    """Runs `d2l` in this process."""

    def __call__(self, *arguments):
        """Run a command; what it raises, other than its exit, fails the test."""
        return CliRunner().invoke(
            app, [str(a) for a in arguments], catch_exceptions=False
        )

    def json(self, *arguments, code=0):
        """Run a command that must print one JSON object, and exit with `code`."""
        result = self(*arguments, "--json")
        assert result.exit_code == code, result.output
        assert result.stdout.count("\n") == 1
        return json.loads(result.stdout, parse_constant=pytest.fail)

    def refused(self, *arguments):
        """Run a command that must fail; returns the one sentence it says."""
        result = self(*arguments)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        lines = result.stderr.splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("d2l: ")
        assert "Traceback" not in lines[0]
        return lines[0]


@pytest.fixture
def d2l(tmp_path, monkeypatch):
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine()


@pytest.fixture(scope="session")
def frameworks():
    """Two installed frameworks, the first of them the reference."""
    found = [name for name in QUICK if name in installed()]
    if len(found) < 2:
        pytest.skip("two frameworks are needed")
    return found[:2]


@pytest.fixture(scope="session")
def _processes():
    with pools.Pool() as pool:
        yield pool


@pytest.fixture
def shared_backends(_processes, monkeypatch):
    """Commands use backends that stay: starting them takes most of the time."""

    def borrow(pythons=None):
        assert not pythons
        return contextlib.nullcontext(_processes)

    for module in (pools, models, parity_run):
        monkeypatch.setattr(module, "Pool", borrow)
    return _processes
