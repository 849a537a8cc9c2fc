"""Time every case in every installed framework: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.cases import CASES
from d2l.common.checkpoints import write_atomically
from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.common.progress_bar import progress
from d2l.parity.pool import environment

INTRODUCTION = """# Benchmarks

`Trainer.fit` beside the plain loop that an expert would write in the same
framework: the same model and batches, compiled alike, float32, one thread. A
ratio is the median over {rounds} epochs of one `fit`, each timed beside a plain
one (in brackets the smallest and largest); 1.00 means that the trainer costs nothing.
The first step includes tracing and compilation. Peak memory is that of the whole
process, framework included.

Made by `make benchmark` on {machine}.
Times are this machine's; ratios are what carries over.
"""


def run(framework: str, case: str, rounds: int) -> dict[str, Any]:
    """One case in one framework, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.one", framework, case, str(rounds)]
    done = subprocess.run(
        command, env=environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def table(results: list[dict[str, Any]]) -> str:
    """The results as Markdown."""
    lines = [
        "| model | framework | ratio | at most | step, ms | plain step, ms "
        "| first step, ms | peak memory, MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        case = CASES[r["case"]]
        low, high = r["ratios"]
        name = f"{FRAMEWORKS[r['framework']].title} {r['version']}"
        lines.append(
            f"| {case.title}, batch {case.batch_size} | {name} "
            f"| {r['ratio']:.2f} ({low:.2f} to {high:.2f}) | {case.limit:.2f} "
            f"| {r['step_ms']:.2f} | {r['plain_step_ms']:.2f} "
            f"| {r['first_step_ms']:.0f} | {r['peak_memory_mib']:.0f} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """What the times depend on."""
    names = Path("/proc/cpuinfo")
    model = "an unnamed processor"
    if names.exists():
        found = [n for n in names.read_text().splitlines() if "model name" in n]
        model = found[0].partition(":")[2].strip() if found else model
    version = ".".join(map(str, sys.version_info[:3]))
    return f"one core of {model}, Python {version}"


def main() -> int:
    """Print the table; exit with 1 when a ratio is above its limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--framework", action="append", choices=installed())
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--rounds", type=int, default=9, help="pairs of epochs")
    parser.add_argument("--table", metavar="FILE", help="also write the table there")
    options = parser.parse_args()
    jobs = [
        (framework, case)
        for case in options.case or CASES
        for framework in options.framework or installed()
    ]
    results = []
    with progress("timing", len(jobs)) as bar:
        for framework, case in jobs:
            results.append(run(framework, case, options.rounds))
            bar.advance(f"{framework} {case}")
    text = table(results)
    print(text)
    if options.table:
        head = INTRODUCTION.format(rounds=options.rounds, machine=machine())
        write_atomically(options.table, f"{head}\n{text}\n".encode())
    return int(any(r["ratio"] > CASES[r["case"]].limit for r in results))


if __name__ == "__main__":
    sys.exit(main())
