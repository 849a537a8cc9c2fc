"""Every case with next to nothing to do: whether it runs, and does the same."""

from __future__ import annotations

from dataclasses import replace

from benchmarks import generation, training
from benchmarks.cases import CASES, Generation
from benchmarks.session import BenchmarkSession
from d2l.trials import Part


def run_small(framework: str, name: str) -> None:
    """Raise an AssertionError unless ours and the plain one agree."""
    session, case = BenchmarkSession(framework), CASES[name]
    if isinstance(case, Generation):
        generation.time_case(session, replace(case, num_tokens=12), rounds=1)
        return
    arguments = dict(case.model.arguments)
    if "arch" in arguments:  # of a deep network, which takes long to compile
        arguments["arch"] = ((1, 16), (1, 32))
    model = Part(case.model.model, arguments)
    small = replace(case, model=model, batch_size=4, batches=2)
    training.time_case(session, small, rounds=1)
