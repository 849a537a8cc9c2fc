"""The backend processes of a run, wherever they are."""

from __future__ import annotations

import contextlib

from d2l.parity.pool import Pool
from parity_tests.elsewhere.places import APART, REFERENCE


class Apart:
    """Two pools: the reference's, and that of the frameworks which are checked.

    name: what the reference is called.
    """

    def __init__(self, own, others, name=APART):
        self.own, self.others, self.name = own, others, name

    def run(self, framework, *args, **kwargs):
        """Run a task, as a pool does."""
        if framework == self.name:
            return self.own.run(REFERENCE, *args, **kwargs)
        return self.others.run(framework, *args, **kwargs)


@contextlib.contextmanager
def opened(places, kind=Pool):
    """The processes of a run, until the end of the block; kind: of the pools."""
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(kind(places.pythons, places.device))
        if places.is_reference_apart:
            reference = kind(places.pythons_of_reference, "cpu")
            pool = Apart(stack.enter_context(reference), pool)
        yield pool
