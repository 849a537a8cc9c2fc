"""The controller: hands out the groups, and passes on the reports that come back."""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import tempfile
import time
import uuid

import pytest

from parity_tests.elsewhere.places import places_of
from parity_tests.spread.cluster import Cluster
from parity_tests.spread.fingerprint import fingerprint
from parity_tests.spread.grouping import grouped
from parity_tests.spread.local import LocalServers
from parity_tests.spread.role import COLLECTED
from parity_tests.spread.wire import unpacked_report, unpacked_warning

#: So many servers may be lost over a group before its tests are given up.
ATTEMPTS = 2
#: Seconds between looks at the cluster, while nothing comes back.
PULSE = 1


class Controller:
    """A plugin of pytest, which has the collected tests run elsewhere."""

    def __init__(self, config):
        self.config = config
        self.cluster = None
        self.pending = {}
        self.done = queue.SimpleQueue()

    def pytest_sessionstart(self):
        """Find the cluster before anything is collected, which takes a while."""
        address = self.config.getoption("--cluster")
        if address and not self.config.option.collectonly:
            self.cluster = Cluster(address)
            self.config.add_cleanup(self.cluster.close)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        option = self.config.option
        is_broken = session.testsfailed and not option.continue_on_collection_errors
        if option.collectonly or is_broken or not session.items:
            return None  # pytest's own loop knows what to do
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        with (
            tempfile.TemporaryDirectory(prefix="d2l-shared-") as folder,
            contextlib.closing(self.servers(folder)) as self.executor,
        ):
            for group in enumerate(grouped(session.items)):
                self.submit(*group)
            while self.pending:
                self.wait_for_one()
                self.give_up_what_is_late()
        return True

    def servers(self, folder):
        """Where the groups are run; folder: for all servers of this machine."""
        start = self.start(folder)
        if self.cluster is not None:
            return self.cluster.servers(start)
        return LocalServers(start, self.config.getoption("--workers"))

    def start(self, folder):
        """What a server must know, as JSON can say it."""
        params = self.config.invocation_params
        return {
            "run": uuid.uuid4().hex,
            "arguments": [str(argument) for argument in params.args],
            "directory": str(params.dir),
            "environment": {"PYTEST_ADDOPTS": os.environ.get("PYTEST_ADDOPTS", "")},
            "fingerprint": fingerprint(self.collected(), places_of(self.config)),
            "shared": folder,
        }

    def collected(self):
        """What a server collects too, before anything is left out here."""
        return self.config.stash.get(COLLECTED, self.session.items)

    def submit(self, number, group):
        """Hand out a group; the smallest number is the most urgent."""
        future = self.executor.submit(group.node_ids, number)
        self.pending[future] = number, group
        future.add_done_callback(self.done.put)

    def wait_for_one(self):
        """Wait for a group to end, and pass on its reports or run it again."""
        try:
            future = self.done.get(timeout=PULSE)
        except queue.Empty:
            self.executor.check()
            return
        if future not in self.pending:  # given up
            return
        number, group = self.pending.pop(future)
        outcome = self.executor.outcome(future)
        if "refused" in outcome:
            raise pytest.UsageError(outcome["refused"])
        if "reports" in outcome:
            self.take(outcome)
            return
        group.losses += outcome.get("losses", 1)
        if group.losses < ATTEMPTS:
            self.submit(number, group)
        else:
            self.pass_on(self.given_up(group, outcome["lost"]))

    def give_up_what_is_late(self):
        """Leave out the groups that have not begun when their time is over."""
        for future, (_, group) in list(self.pending.items()):
            if time.time() > group.until and self.executor.cancel(future):
                del self.pending[future]

    def take(self, outcome):
        """Pass on what a server has answered."""
        heard = self.config.hook.pytest_warning_recorded
        for data in outcome["warnings"]:
            heard.call_historic(kwargs=unpacked_warning(data))
        self.pass_on(unpacked_report(self.config, data) for data in outcome["reports"])

    def given_up(self, group, reason):
        """The reports of tests that no server could run."""
        times = f"{group.losses} times" if group.losses > 1 else "once"
        message = f"{group.title} could not be run, tried {times}: {reason}."
        for node_id in group.node_ids:
            location = self.items[node_id].location
            yield pytest.TestReport(node_id, location, {}, "failed", message, "call")

    def pass_on(self, reports):
        """Report as if the tests were run here; stop where pytest would."""
        hook, session = self.config.hook, self.session
        for node_id, own in itertools.groupby(reports, lambda report: report.nodeid):
            where = {"nodeid": node_id, "location": self.items[node_id].location}
            hook.pytest_runtest_logstart(**where)
            for report in own:
                hook.pytest_runtest_logreport(report=report)
            hook.pytest_runtest_logfinish(**where)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
