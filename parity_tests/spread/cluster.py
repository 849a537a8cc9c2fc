"""Case servers in the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import logging
import re
import signal

import pytest

from parity_tests.spread.fingerprint import ROOT
from parity_tests.spread.local import cores

#: Seconds to find a scheduler, and then a worker, in.
TIMEOUT = 5
#: Own clusters hand out one group at a time, and give one up when it costs the second
#: worker. Others are configured by those who run them.
SETTINGS = {
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.allowed-failures": 1,
}


class Cluster:
    """A Dask cluster, found and connected to.

    address: `local` or `local:N`, for one of our own with so many workers, each on a
    core of its own; or a scheduler's.
    """

    def __init__(self, address):
        try:
            import distributed  # noqa: F401
        except ImportError:
            message = "Dask is not installed: pip install 'd2l-suite[cluster]'."
            raise pytest.UsageError(message) from None
        # What goes wrong is said here, in one sentence.
        for logger in ("distributed", "distributed.client"):
            logging.getLogger(logger).setLevel(logging.CRITICAL)
        self.address = address
        own, local = cores(), re.fullmatch(r"local(?::([1-9]\d*))?", address)
        count = int(local[1] or len(own)) if local else 0
        self.pinned = [own[i % len(own)] for i in range(count)]
        with contextlib.ExitStack() as opened:
            where = opened.enter_context(_own_cluster(count)) if local else address
            self.client = opened.enter_context(self._connected(where))
            self._wait_for_workers()
            self.close = opened.pop_all().close

    def _connected(self, where):
        from distributed import Client

        try:
            return Client(where, timeout=TIMEOUT)
        except (OSError, ValueError) as error:
            message = f"There is no Dask scheduler at {self.address}: {error}."
            raise pytest.UsageError(message) from None

    def _wait_for_workers(self):
        try:
            self.client.wait_for_workers(1, timeout=TIMEOUT)
        except TimeoutError:
            message = f"The Dask cluster at {self.address} has no workers."
            raise pytest.UsageError(message) from None

    def servers(self, start):
        """Where groups are run; start: what a case server must know."""
        if not self.pinned:
            # Somewhere else; the folder is one of this machine.
            start = {**start, "shared": None}
        return ClusterServers(self.client, _remotely(str(ROOT), start, self.pinned))


@contextlib.contextmanager
def _deaf_to_ctrl_c():
    """Processes started meanwhile ignore Ctrl-C: this one ends them in order."""
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _own_cluster(count):
    import dask
    from distributed import LocalCluster

    with dask.config.set(SETTINGS), _deaf_to_ctrl_c():
        return LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            memory_limit=0,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        )


def _remotely(root, start, pinned):
    """The task that runs a group in a worker.

    A function within a function travels as a whole: a worker need not know of
    parity_tests before it is told where that lies.
    """

    def run_group(node_ids):
        import sys

        if root not in sys.path:
            sys.path.insert(0, root)
        from parity_tests.spread import remote

        return remote.run_group(start, pinned, node_ids)

    return run_group


def _close_servers():
    def close():
        import sys

        remote = sys.modules.get("parity_tests.spread.remote")
        if remote:
            remote.close_servers()

    return close


class ClusterServers:
    """One case server for each thread of the cluster's workers."""

    def __init__(self, client, task):
        self.client, self.task = client, task
        self.futures = set()

    def submit(self, node_ids, number):
        """Run a group as soon as a worker is free; returns the future of its outcome.

        number: of the group; the smallest comes first.
        """
        order = {"priority": -number, "pure": False}
        future = self.client.submit(self.task, node_ids, **order)
        self.futures.add(future)
        return future

    def outcome(self, future):
        """The reports of a group that has ended, or why there are none."""
        from distributed import CancelledError, KilledWorker

        self.futures.discard(future)
        try:
            return future.result()
        except KilledWorker as error:
            # The scheduler itself has tried again.
            losses = error.allowed_failures + 1
            return {"lost": "the worker of the cluster died", "losses": losses}
        except CancelledError:
            raise pytest.UsageError("The Dask cluster has gone.") from None
        except Exception as error:  # of the task, before it comes to a server
            return {"refused": f"A worker cannot run tests from {ROOT}: {error}."}

    def cancel(self, future):
        """Give up a group, also one that has begun; whether it is given up."""
        self.futures.discard(future)
        self.client.cancel([future])
        return True

    def check(self):
        """Raise an error if the scheduler has gone."""
        if self.client.status != "running":
            raise pytest.UsageError("The Dask cluster has gone.")

    def close(self):
        """End all servers."""
        if self.client.status == "running":
            self.client.cancel(list(self.futures), force=True)
            self.client.run(_close_servers(), on_error="ignore")
