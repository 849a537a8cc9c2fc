"""Time one case in one framework: `python -m benchmarks.one FRAMEWORK CASE ROUNDS`.

Prints one JSON object.
"""

from __future__ import annotations

import json
import statistics
import sys
from typing import Any

from benchmarks import generation, training
from benchmarks.cases import CASES, Generation
from benchmarks.session import BenchmarkSession
from d2l.parity.training_tasks import peak_memory_mib


def measure(framework: str, name: str, rounds: int) -> dict[str, Any]:
    """Times of ours and of the plain loop, in turn."""
    session, case = BenchmarkSession(framework), CASES[name]
    if isinstance(case, Generation):
        first, pairs = generation.time_case(session, case, rounds)
        first /= case.num_steps
    else:
        first, pairs = training.time_case(session, case, rounds)
    ratios = [ours / theirs for ours, theirs in pairs]
    return {
        "framework": framework,
        "version": session.backend.version(),
        "case": case.name,
        "ratio": statistics.median(ratios),
        "ratios": [min(ratios), max(ratios)],
        "step_ms": 1e3 * statistics.median(p[0] for p in pairs) / case.num_steps,
        "plain_step_ms": 1e3 * statistics.median(p[1] for p in pairs) / case.num_steps,
        "first_step_ms": 1e3 * first,
        "peak_memory_mib": peak_memory_mib(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
