"""Frameworks broken on purpose, one at a time: the suite's checks must see it.

Each breakage is injected into the process of one framework; PyTorch in another
process, which stays sound, is the reference. The failure must name framework
and tensor. In the end all is put back, and the same checks must pass again.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from d2l.common.errors import D2LError
from d2l.parity.checks import TRUTH, Checker, ParityError, require
from parity_tests.conftest import frameworks_of
from parity_tests.elsewhere.places import places_of
from parity_tests.elsewhere.pools import Apart
from parity_tests.meta.judges import SOUND, measure
from parity_tests.meta.table import BREAKAGES
from parity_tests.quick_pool import QuickPool

SABOTAGE = str(Path(__file__).with_name("sabotage.py"))
#: Enough for a rounded momentum to show in the losses.
STEPS = 10


def checks_of(breakages):
    """A breakage for each check of each framework that the table names."""
    keys = {(b.framework, b.check, b.subject, b.precision): b for b in breakages}
    return list(keys.values())


def named(subject):
    """A subject's name, the same in every clone."""
    return subject.removeprefix(f"{Path(__file__).parents[2]}/")


def pytest_generate_tests(metafunc):
    """One case for each breakage of the frameworks that are checked."""
    chosen = frameworks_of(metafunc.config)
    own = [b for b in BREAKAGES if b.framework in chosen]
    if "breakage" in metafunc.fixturenames:
        metafunc.parametrize("breakage", own, ids=str)
    if "check" in metafunc.fixturenames:
        ids = [f"{b.framework}-{b.check}-{named(b.subject)}" for b in checks_of(own)]
        metafunc.parametrize("check", checks_of(own), ids=ids)


@pytest.fixture(scope="module")
def broken(request):
    """Processes of this module alone, some of which may be broken."""
    places = places_of(request.config)
    with QuickPool(places.pythons, places.device) as processes:
        yield processes


@pytest.fixture(scope="module")
def partly_broken(request, pool, broken):
    """The checks, of broken processes against a sound one."""
    places = places_of(request.config)
    if places.reference is None:
        pytest.skip("PyTorch, the reference of trials, is not installed")
    sound = pool.own if places.is_reference_apart else pool
    return Checker(Apart(sound, broken, SOUND), SOUND, steps=STEPS)


@contextlib.contextmanager
def applied(breakage, pool):
    """The breakage is at work within the block."""
    run = (breakage.framework, breakage.precision)
    sabotage = {"path": SABOTAGE}
    names = {"file": breakage.file or breakage.framework, "name": breakage.name}
    pool.run(*run, "run_file", function="apply", arguments=names, **sabotage)
    try:
        yield
    finally:
        pool.run(*run, "run_file", function="undo", **sabotage)


def test_breakage_is_seen(breakage, partly_broken, broken, tmp_path):
    """The check fails, and says which framework and which tensor."""
    with (
        applied(breakage, broken),
        pytest.raises((ParityError, D2LError)) as caught,
    ):
        require(measure(partly_broken, breakage, tmp_path))
    named = [
        line
        for line in str(caught.value).splitlines()
        if breakage.framework in line and breakage.tensor in line
    ]
    assert named, f"the message names something else: {caught.value}"


def test_sound_again(check, partly_broken, tmp_path):
    """Without the breakage the same check passes: it was not red anyway."""
    require(measure(partly_broken, check, tmp_path))


def test_table():
    """At least thirty different mistakes, in all four frameworks, each once."""
    names = [(b.framework, b.file, b.name, b.precision) for b in BREAKAGES]
    assert len(set(names)) == len(names)
    assert len({b.name for b in BREAKAGES}) >= 30
    by_framework = {b.framework: 0 for b in BREAKAGES}
    for breakage in BREAKAGES:
        by_framework[breakage.framework] += 1
    assert min(by_framework.values()) >= 10
    assert any(b.precision != TRUTH for b in BREAKAGES)
