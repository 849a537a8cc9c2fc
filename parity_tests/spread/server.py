"""The case server: a pytest that runs the groups it is sent.

Started as `python -m parity_tests.spread.server`. The first line of its standard
input says how to start, every other is a group, a JSON list of node ids; it answers
each with one line of JSON on standard output. It ends when its standard input is
closed, whatever it is doing, and takes its children along.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import sys
import threading
from pathlib import Path

import psutil
import pytest

from d2l.parity.worker import take_over_stdout
from parity_tests.elsewhere.places import places_of
from parity_tests.spread.fingerprint import fingerprint
from parity_tests.spread.grouping import phase_of
from parity_tests.spread.role import SHARED
from parity_tests.spread.wire import packed_report, packed_warning

#: Seconds without work after which a server ends: its controller may be gone, on
#: another machine, and its backends hold memory.
PATIENCE = 300


def _read_groups(lines, groups, folder):
    for line in lines:
        groups.put(json.loads(line))
    # The controller is gone; so is the reason to go on.
    end(folder)


def end(folder):
    """End this process at once and those that it started; delete their files."""
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


class Server:
    """A plugin of pytest, which waits for groups where others run all tests."""

    def __init__(self, start, groups, answers):
        self.start, self.groups, self.answers = start, groups, answers
        self.phase = None
        self.reports, self.warnings = [], []

    def answer(self, **content):
        """Write one line."""
        # What other plugins attach to reports may be no JSON.
        print(json.dumps(content, default=str), file=self.answers, flush=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config):
        config.workerinput = {"workerid": self.start["run"]}
        config.option.usepdb = False
        if self.start["shared"]:
            config.stash[SHARED] = Path(self.start["shared"])

    def pytest_runtest_logreport(self, report):
        self.reports.append(packed_report(self.session.config, report))

    def pytest_warning_recorded(self, warning_message, when, nodeid):
        if when == "runtest":
            self.warnings.append(packed_warning(warning_message, nodeid))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if session.testsfailed:
            return None  # not all could be collected, which pytest itself reports
        self.session = session
        items = {item.nodeid: item for item in session.items}
        places = places_of(session.config)
        self.answer(fingerprint=fingerprint(session.items, places))
        while True:
            try:
                node_ids = self.groups.get(timeout=PATIENCE)
            except queue.Empty:
                end(self.start["temporary"])
            self.run([items[node_id] for node_id in node_ids])

    def run(self, items):
        """Run a group and answer with its reports."""
        phase, self.phase = self.phase, phase_of(items[0])
        if phase not in (None, self.phase):
            # The backends of a phase take a gigabyte: fixtures of the session end too.
            self.session._setupstate.teardown_exact(None)
        # After the last comes "the session": fixtures of the session outlive a group,
        # those of its modules and classes do not.
        for item, following in zip(items, [*items[1:], self.session], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        self.answer(reports=self.reports, warnings=self.warnings)
        self.reports, self.warnings = [], []


def main():
    """Collect the tests and serve until the controller closes the pipe."""
    answers = take_over_stdout()
    # Pytest gives the tests another standard input.
    lines = os.fdopen(os.dup(0))
    start = json.loads(lines.readline())
    if start["core"] is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {start["core"]})
    groups, folder = queue.Queue(), start["temporary"]
    reading = lines, groups, folder
    threading.Thread(target=_read_groups, args=reading, daemon=True).start()
    arguments = [*start["arguments"], f"--basetemp={folder}/pytest"]
    sys.exit(pytest.main(arguments, plugins=[Server(start, groups, answers)]))


if __name__ == "__main__":
    main()
