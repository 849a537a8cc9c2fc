"""Run pages to keep what they show, or to see that it is what is kept."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from d2l.book.compare import shows_the_same
from d2l.book.keys import current_keys
from d2l.book.pages import Output, Page
from d2l.book.run import Job, Report, run, run_all
from d2l.book.stale import State, states
from d2l.book.store import digest, kept, load, renew, save
from d2l.keys.chance import seed


def run_and_save(job: Job) -> None:
    """Run a page in a framework and keep what it shows.

    The file of outputs is left alone if they are the same.
    """
    key, framework = job.page.key, job.framework
    keys, known = current_keys(job.page, framework), kept(key, framework)
    outputs = run(job)
    if (
        known is not None
        and known.keys.own == keys.own
        and known.digest == digest(key, framework)
        and not changed_cells(job, outputs)
    ):
        renew(key, framework, keys)
    else:
        save(key, framework, outputs, keys)


def changed_cells(job: Job, outputs: list[list[Output]]) -> list[int]:
    """The numbers of the cells that show something else than what is kept."""
    known = load(job.page.key, job.framework) or []
    cells = job.page.cells(job.framework)
    if len(known) != len(cells):
        return [cell.number for cell in cells]
    return [
        cell.number
        for cell, before, now in zip(cells, known, outputs, strict=True)
        if not shows_the_same(cell, before, now)
    ]


@dataclass
class Sample:
    """What came of running some of the pages that only a common part made stale.

    fresh: how many pages in a framework needed nothing.
    renewed: those that show what is kept.
    left: how many are still stale.
    problems: a sentence for each of the rest.
    """

    fresh: int
    left: int
    renewed: list[Job] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ran = len(self.renewed) + len(self.problems)
        return (
            f"Of the pages in each framework {self.fresh} are fresh, {ran} were run as "
            f"a sample, {self.left} are left stale by common parts alone."
        )


def run_sample(
    pages: Sequence[Page],
    most: int,
    workers: int = 2,
    report: Report = lambda number, total, job: None,
) -> Sample:
    """Run some of what only a common part made stale; renew the keys of what is true.

    most: so many pages in a framework are run, others with every commit.
    """
    found = states(pages)
    stale = [job for job, state in found.items() if state is State.COMMON]
    keys = [current_keys(job.page, job.framework).common for job in stale]
    chosen = random.Random(seed(keys)).sample(stale, min(most, len(stale)))
    fresh = sum(state is State.FRESH for state in found.values())
    sample = Sample(fresh, len(stale) - len(chosen))

    def work(job: Job) -> None:
        keys = current_keys(job.page, job.framework)
        cells = changed_cells(job, run(job))
        if cells:
            sample.problems.append(_what_changed(job, cells))
        else:
            renew(job.page.key, job.framework, keys)
            sample.renewed.append(job)

    failed = run_all(chosen, workers, work, report)
    sample.problems += map(str, failed)
    return sample


def _what_changed(job: Job, cells: list[int]) -> str:
    where = f"cell{'s' * (len(cells) > 1)} {', '.join(map(str, cells))}"
    return (
        f"{job.title}, {where}: today's code shows something else than what is kept; "
        f"run `d2l book run {job.page.key}` and look at it."
    )
