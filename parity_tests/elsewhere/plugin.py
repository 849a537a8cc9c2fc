"""The options `--python` and `--device`: where the frameworks' processes run."""

from __future__ import annotations

import pytest

from d2l.parity.environment import DEVICES
from parity_tests.elsewhere.gpus import mark, require_gpus
from parity_tests.elsewhere.places import PLACES, find_places, places_of
from parity_tests.spread.role import is_server


def pytest_addoption(parser):
    group = parser.getgroup("elsewhere", "in other interpreters, on GPUs")
    group.addoption(
        "--python",
        action="append",
        metavar="FRAMEWORK=PATH",
        help="check a framework in another interpreter, against the reference here",
    )
    group.addoption(
        "--device",
        choices=DEVICES,
        default="cpu",
        help="what the frameworks compute on; the reference stays on the processor",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Find the places, or say in a sentence what is missing."""
    pythons, device = config.getoption("--python"), config.getoption("--device")
    _refuse_evidence(config, "--python" if pythons else "--device gpu", pythons, device)
    places = config.stash[PLACES] = find_places(pythons, device)
    places.refuse_absent(_asked(config))


def _refuse_evidence(config, given, pythons, device):
    for option in ("--changed", "--keep"):
        if config.getoption(option, False) and (pythons or device != "cpu"):
            raise pytest.UsageError(
                f"{option} does not go with {given}: the evidence that is kept is "
                "about the frameworks of this environment, on the processor."
            )


def _asked(config):
    return config.getoption("--framework", None) or ()


def pytest_sessionstart(session):
    """Look for the GPUs before anything is collected, which takes a while."""
    config = session.config
    # A cluster's machines have GPUs of their own: there each case says it.
    is_remote = is_server(config) or config.getoption("--cluster", None)
    if config.getoption("--device") == "cpu" or is_remote or config.option.collectonly:
        return
    places = places_of(config)
    require_gpus(places, _asked(config) or places.frameworks)


def pytest_collection_modifyitems(config, items):
    """Leave out what a GPU has no part in."""
    if config.getoption("--device") == "gpu":
        mark(items)


def pytest_report_header(config):
    """Say what is checked in which other interpreter, and on what."""
    places = places_of(config)
    for key, python in places.pythons.items():
        versions = ", ".join(f"{k} {v}" for k, v in places.versions[key].items())
        yield f"{key}: {python}: {versions}"
    if places.device != "cpu":
        yield f"on {places.device}; the reference on the processor"
