"""Options and fixtures of the parity tests.

`pytest parity_tests --framework jax` checks one framework; `--steps 100` is the
deep tier; `--evidence FOLDER` writes what was measured.
"""

from __future__ import annotations

import pytest

from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.parity.checks import TRUTH, Checker
from d2l.parity.evidence import Evidence
from d2l.parity.pool import Pool

PRECISIONS = ("float64", "float32")


def pytest_addoption(parser):
    parser.addoption("--framework", action="append", choices=list(FRAMEWORKS))
    parser.addoption("--steps", type=int, default=20)
    parser.addoption("--evidence", metavar="FOLDER")


def frameworks_of(config):
    """The frameworks to check: the chosen ones, or all that are installed."""
    return config.getoption("--framework") or installed()


def pytest_generate_tests(metafunc):
    """One case for each framework and precision, where a test asks for them."""
    frameworks = frameworks_of(metafunc.config)
    names = metafunc.fixturenames
    if "run" in names:
        # A recipe's truth is the reference in float64, which is not a case.
        cases = [(f, p) for f in frameworks for p in PRECISIONS]
        skip_truth = getattr(metafunc.cls, "skip_truth", False)
        cases = [c for c in cases if not (skip_truth and c == ("torch", TRUTH))]
        ids = [f"{f}-{p}" for f, p in cases]
        metafunc.parametrize("run", cases, ids=ids)
    elif "framework" in names:
        metafunc.parametrize("framework", frameworks)
    for name, values in getattr(metafunc.cls, "parameters", {}).items():
        if name in names:
            metafunc.parametrize(name, values)


@pytest.fixture(scope="session")
def pool():
    """The backend processes, shared by all tests."""
    with Pool() as processes:
        yield processes


@pytest.fixture(scope="session")
def checker(pool, request):
    """Checks against PyTorch in float64."""
    if "torch" not in installed():
        pytest.skip("PyTorch, the reference of recipes, is not installed")
    return Checker(pool, steps=request.config.getoption("--steps"))


@pytest.fixture(scope="session")
def evidence(request):
    """Collects what was measured; written at the end if it was asked for."""
    folder = request.config.getoption("--evidence")
    collected = Evidence(steps=request.config.getoption("--steps"))
    yield collected
    if folder:
        collected.write(folder)
