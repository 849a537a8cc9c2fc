"""Whether the kept outputs of a page are those of today's code."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from d2l.book.keys import current_keys
from d2l.book.pages import Page
from d2l.book.run import Job
from d2l.book.store import digest, kept


class State(Enum):
    """What is known of a page's outputs in a framework."""

    FRESH = "they are those of today's code"
    COMMON = "only something that many pages reach is another one since"
    OWN = "the page, its section, or all of it is new"
    CHANGED = "they are not what was kept, but changed since by something else"


def state(job: Job) -> State:
    """What is known of the outputs of a page in a framework."""
    key, framework = job.page.key, job.framework
    known = kept(key, framework)
    if known is None:
        return State.OWN
    current = current_keys(job.page, framework)
    if known.digest != digest(key, framework):
        return State.CHANGED
    if known.keys.own != current.own:
        return State.OWN
    return State.FRESH if known.keys == current else State.COMMON


def states(pages: Iterable[Page]) -> dict[Job, State]:
    """What is known of the outputs of pages in each of their frameworks."""
    jobs = (Job(page, name) for page in pages for name in page.frameworks)
    return {job: state(job) for job in jobs}
