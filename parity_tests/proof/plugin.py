"""The options `--changed`, `--keep` and `--minutes`: what runs, and what it proves."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest

from d2l.common.frameworks import installed
from parity_tests.measured import MEASURED
from parity_tests.proof.choice import choose, is_single, sample
from parity_tests.proof.kept import Entry, Kept
from parity_tests.proof.keys import CaseKeys
from parity_tests.spread.role import COLLECTED, UNTIL, is_server


def pytest_addoption(parser):
    group = parser.getgroup("proof", "evidence that is kept")
    group.addoption(
        "--changed",
        action="store_true",
        help="run what has no evidence under its key, and a sample of the rest",
    )
    group.addoption(
        "--keep", action="store_true", help="keep what is measured as evidence"
    )
    group.addoption(
        "--minutes",
        type=float,
        metavar="N",
        help="after so long, leave out what float32 has to say beside a sample",
    )


def pytest_configure(config):
    if is_server(config) or config.option.collectonly:
        return
    if config.getoption("--changed") or config.getoption("--keep"):
        config.pluginmanager.register(Proof(config), "proof")


class Proof:
    """A plugin of pytest: chooses the cases, judges the sample, keeps the evidence."""

    def __init__(self, config):
        self.config = config
        self.kept = Kept()
        self.passed = {}
        self.failed = set()
        minutes = config.getoption("--minutes")
        self.deadline = None if minutes is None else time.time() + 60 * minutes

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        """Leave out what stands on evidence."""
        config.stash[COLLECTED] = list(items)
        self.choice = choose(items, CaseKeys(), self.kept)
        self.sampled = set(self.choice.sampled)
        if config.getoption("--changed"):
            chosen = self.choice.to_run
            left = [item for item in items if item.nodeid not in chosen]
            config.hook.pytest_deselected(items=left)
            items[:] = [item for item in items if item.nodeid in chosen]
        if self.deadline is not None:
            self._mark_optional(items)

    def _mark_optional(self, items):
        """What is left out when time is over: float32, but for a sample."""
        single = [i.nodeid for i in items if is_single(i) and i.nodeid in self.changed]
        optional = set(single) - set(sample(single, "".join(self.choice.keys)))
        for item in items:
            if item.nodeid in optional:
                item.stash[UNTIL] = self.deadline

    @property
    def changed(self):
        """The cases without evidence."""
        return set(self.choice.changed)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item):
        """Leave out an optional case, where this process runs them itself."""
        return True if time.time() > item.stash.get(UNTIL, math.inf) else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report):
        """Judge a sampled case by its evidence; remember what passed."""
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self._take(report)
        return (yield)

    def _take(self, report):
        if report.nodeid not in self.choice.keys:
            return
        entry = self._entry(report)
        known = self.kept.find(report.nodeid) if report.nodeid in self.sampled else None
        precision = "float32" if "float32" in report.nodeid else "float64"
        problem = known and known.contradicts(entry.error, entry.steps, precision)
        if problem:
            report.outcome = "failed"
            report.longrepr = f"The evidence does not hold: {problem}."
            self.failed.add(report.nodeid)
        else:
            self.passed[report.nodeid] = entry

    def _entry(self, report):
        errors = [
            float("inf") if found["error"] is None else found["error"]
            for name, measured in report.user_properties
            if name == MEASURED
            for found in measured["worst"]
        ]
        steps = self.config.getoption("--steps")
        key = self.choice.keys[report.nodeid]
        return Entry(key, max(errors) if errors else None, steps)

    def pytest_sessionfinish(self, session, exitstatus):
        """Keep the evidence of what passed."""
        if not self.config.getoption("--keep") or not hasattr(self, "choice"):
            return
        for node_id, entry in self.passed.items():
            if node_id not in self.failed:
                self.kept.add(node_id, entry)
        if self._is_whole():
            chosen = self.config.getoption("--framework") or installed()
            self.kept.drop_gone(self.choice.keys, chosen)
        self.kept.write()

    def _is_whole(self):
        """Whether all tests were collected, so that others are no more."""
        option = self.config.option
        folders = [Path(argument).name for argument in self.config.args]
        shard = getattr(option, "shard", None)
        part = option.keyword or option.markexpr or shard
        return folders == ["parity_tests"] and not part

    def pytest_terminal_summary(self, terminalreporter):
        """Say how many cases ran, stand on evidence, were sampled, are left."""
        if not hasattr(self, "choice"):
            return
        choice, write = self.choice, terminalreporter.write_line
        ran = {n for n in choice.changed if n in self.passed or n in self.failed}
        rest = f"{len(choice.standing)} stand on evidence"
        if not self.config.getoption("--changed"):
            rest = f"{len(choice.standing)} with evidence ran all the same"
        write(
            f"{len(choice.keys)} cases: {len(ran)} had no evidence and ran, "
            f"{len(choice.sampled)} were sampled, {rest}."
        )
        left = len(choice.changed) - len(ran)
        if left:
            write(f"{left} cases without evidence are left to `make parity`.")
