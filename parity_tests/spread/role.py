"""Which of the processes of a run this is."""

from __future__ import annotations

import pytest

#: A folder that the servers of one machine share, where there is one.
SHARED = pytest.StashKey()
#: All tests that a configuration collected, of which some may have been left out.
COLLECTED = pytest.StashKey()
#: Until when a test is worth running, in seconds since the epoch; without it, always.
UNTIL = pytest.StashKey()


def is_server(config):
    """Whether this is a case server, not the pytest that the user started."""
    # What pytest itself looks at, before it writes a JUnit file or its cache.
    return hasattr(config, "workerinput")


def shared_folder(config):
    """A folder that the servers of this machine share, or None."""
    return config.stash.get(SHARED, None)
