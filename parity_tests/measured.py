"""What tests measure: it travels in their reports, from whatever process ran them."""

from __future__ import annotations

import math
from dataclasses import asdict

import pytest

from d2l.parity.evidence import Evidence, worst_of
from d2l.parity.measure import Measurement

#: The name of a test's property that holds what it measured.
MEASURED = "measured"


class Recorder:
    """Adds what a test measures to its properties, as JSON can say it."""

    def __init__(self, properties):
        self.properties = properties

    def add(self, section, subject, precision, measurements):
        """Keep what was measured of a subject; of each check the worst, as evidence."""
        worst = [as_json(found) for found in worst_of(measurements)]
        entry = {"section": section, "subject": subject, "precision": precision}
        self.properties.append((MEASURED, entry | {"worst": worst}))


def as_json(found):
    """A measurement as plain values; an infinite error is None."""
    error = float(found.error)
    return asdict(found) | {
        "error": error if math.isfinite(error) else None,
        "tolerance": float(found.tolerance),
    }


def from_json(entry):
    """The measurement again."""
    error = entry["error"]
    return Measurement(**{**entry, "error": math.inf if error is None else error})


class Collector:
    """A plugin of pytest that gathers what all tests measured, and writes it.

    folder: to write evidence to, or None; steps: of the training curves; versions: of
    the frameworks, where they are not those installed here.
    """

    def __init__(self, folder, steps, versions=None):
        self.folder, self.steps, self.versions = folder, steps, versions
        self.measured = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        own = [value for name, value in report.user_properties if name == MEASURED]
        # A JUnit file would repeat them all, in Python's words.
        others = [pair for pair in report.user_properties if pair[0] != MEASURED]
        report.user_properties = others
        if report.when == "call":
            self.measured[report.nodeid] = own

    def pytest_sessionfinish(self, session, exitstatus):
        is_complete = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not self.folder or not is_complete:
            return
        evidence = Evidence(self.steps, self.versions)
        # In the order of collection: of equal errors the first is kept.
        for item in session.items:
            for found in self.measured.get(item.nodeid, []):
                keys = (found[key] for key in ("section", "subject", "precision"))
                evidence.add(*keys, map(from_json, found["worst"]))
        evidence.write(self.folder)
