"""Case servers on this machine, one for each thread of a pool."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

from parity_tests.spread.case_server import Keeper


def cores():
    """The numbers of the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


class LocalServers:
    """So many case servers, each pinned to a core where the system can do that."""

    def __init__(self, start, count):
        self.start = start
        own = cores()
        self.keepers = [Keeper(own[i % len(own)]) for i in range(count)]
        self._free = list(self.keepers)
        self._own = threading.local()
        self.threads = ThreadPoolExecutor(count, initializer=self._take_keeper)

    def _take_keeper(self):
        self._own.keeper = self._free.pop()

    def submit(self, node_ids, number):
        """Run a group as soon as a server is free; returns the future of its outcome.

        number: of the group; the smallest comes first.
        """
        return self.threads.submit(self._run, node_ids)

    def _run(self, node_ids):
        return self._own.keeper.run(self.start, node_ids)

    def outcome(self, future):
        """The reports of a group that has ended, or why there are none."""
        return future.result()

    def cancel(self, future):
        """Give up a group, unless it has begun; whether it is given up."""
        return future.cancel()

    def check(self):
        """Nothing to look after: a server that dies ends its group."""

    def close(self):
        """End all servers."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        # All at once: each takes a moment to end its backends.
        with ThreadPoolExecutor(len(self.keepers)) as closing:
            list(closing.map(Keeper.close, self.keepers))
        self.threads.shutdown()
