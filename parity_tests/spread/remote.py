"""What runs in the worker processes of a Dask cluster."""

from __future__ import annotations

import threading

from distributed import get_worker

from parity_tests.spread.case_server import Keeper

#: A thread of a worker keeps a server from group to group.
_OWN = threading.local()
_KEEPERS = []


def run_group(start, cores, node_ids):
    """Run a group in the server of this thread; see `Keeper.run`.

    cores: for workers by the numbers that name them, the core to run on.
    """
    keeper = getattr(_OWN, "keeper", None)
    if keeper is None or keeper.is_closed:
        name = get_worker().name
        keeper = _OWN.keeper = Keeper(
            cores[name] if name in range(len(cores)) else None
        )
        _KEEPERS.append(keeper)
    return keeper.run(start, node_ids)


def close_servers():
    """End all servers of this worker."""
    while _KEEPERS:
        _KEEPERS.pop().close()
