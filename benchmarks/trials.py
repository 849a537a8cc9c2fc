"""Trials of any kind, framework beside framework: what a step costs in each."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from d2l import trials
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.plots.progress_bar import progress
from d2l.parity.pool import Pool

PRECISION = "float32"


def time_trials(names: Sequence[str], frameworks: Sequence[str], rounds: int) -> str:
    """A table as Markdown; the first framework is the one that ratios are of.

    Raises InputError where there is nothing to time.
    """
    found = [trials.find(name) for name in names]
    for trial in found:
        trial.require("benchmark")
    lines = [
        "| trial | framework | step, ms | times the first | first step, ms |",
        "|---|---|---|---|---|",
    ]
    with Pool() as pool, progress("timing", len(found) * rounds) as bar:
        for trial in found:
            times = _time(pool, trial.key, frameworks, rounds, bar)
            lines += [_row(trial.title, f, frameworks[0], times) for f in frameworks]
    return "\n".join(lines)


def _time(
    pool: Pool, name: str, frameworks: Sequence[str], rounds: int, bar: Any
) -> dict[str, list[dict[str, Any]]]:
    """Facts of an epoch in each framework, in turn: a slow minute slows all."""
    times: dict[str, list[dict[str, Any]]] = {f: [] for f in frameworks}
    for _ in range(rounds):
        for framework in frameworks:
            facts, _ = pool.run(
                framework,
                PRECISION,
                "train",
                trial=name,
                epochs=1,
                shared_masks=False,
                progress=lambda state: None,
            )
            times[framework].append(facts)
        bar.advance(name)
    return times


def _row(
    title: str, framework: str, first: str, times: dict[str, list[dict[str, Any]]]
) -> str:
    own, theirs = ([t["step_ms"] for t in times[f]] for f in (framework, first))
    ratios = [a / b for a, b in zip(own, theirs, strict=True)]
    compiled = times[framework][0]["first_step_ms"]
    return (
        f"| {title} | {FRAMEWORKS[framework].title} | {statistics.median(own):.2f} "
        f"| {statistics.median(ratios):.2f} | {compiled:.0f} |"
    )
