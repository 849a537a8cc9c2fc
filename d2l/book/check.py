"""Whether the kept outputs of the pages are those of today's code, and agree."""

from __future__ import annotations

from d2l.book.agree import disagreements
from d2l.book.pages import Page
from d2l.book.run import Job
from d2l.book.stale import State, states
from d2l.book.store import left_over
from d2l.common.frameworks import FRAMEWORKS

#: What is wrong with outputs in a state in which the page has to be run.
FAULTS = {
    State.OWN: "are stale",
    State.CHANGED: "are not as its cells showed them",
}


def problems(pages: list[Page], complete: bool) -> list[str]:
    """A sentence for each problem of these pages.

    What only a common part made stale is none: samples of it are run.
    complete: the pages are all there are, so that nothing else may be kept.
    """
    found: list[str] = []
    for page in pages:
        faults = [
            _sentence(job, FAULTS[state])
            for job, state in states([page]).items()
            if state in FAULTS
        ]
        found += faults or disagreements(page)
    return found + (left_over(pages) if complete else [])


def _sentence(job: Job, fault: str) -> str:
    key = job.page.key
    title = FRAMEWORKS[job.framework].title
    return (
        f"{key}: the outputs of {title} {fault}; `d2l book run {key}` makes them anew."
    )
