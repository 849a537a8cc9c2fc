"""Time every case in every installed framework: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.cases import CASES
from benchmarks.trials import time_trials
from d2l.common.errors import D2LError
from d2l.common.frameworks import FRAMEWORKS, installed
from d2l.common.plots.progress_bar import progress
from d2l.common.training.checkpoints import write_atomically
from d2l.parity.environment import environment

INTRODUCTION = """# Benchmarks

`Trainer.fit` beside the plain loop that an expert would write in the same
framework, on the same batches, float32, one thread, compiled where that helps;
and `generate` beside a plain greedy loop. Convolutional and dense networks are the
same in both. Recurrent networks and Transformers are written anew for the plain
loop, of the framework's own layers, and start from the same weights; before
anything is timed, the losses of two steps, or the texts, must agree.

A step is a batch, or a token of a text. A ratio is the median over {rounds} epochs
of one `fit`, or texts, each timed beside a plain one (in brackets the smallest and
largest); 1.00 means that ours costs nothing more. The first step includes tracing
and compilation. Peak memory is that of the whole process, both networks and the
framework included.

Made by `make benchmark` on {machine}.
Times are this machine's; ratios are what carries over.
"""

#: The cases of generation without and with the cache.
CACHED = ("generate", "generate_cached")


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
            f"| {case.title}, {case.size} | {name} "
            f"| {r['ratio']:.2f} ({low:.2f} to {high:.2f}) | {case.limit:.2f} "
            f"| {r['step_ms']:.2f} | {r['plain_step_ms']:.2f} "
            f"| {r['first_step_ms']:.0f} | {r['peak_memory_mib']:.0f} |"
        )
    return "\n".join(lines)


def gains(results: list[dict[str, Any]]) -> str:
    """How much sooner a token is there when keys and values are kept, as Markdown."""
    found = {(r["framework"], r["case"]): r for r in results}
    lines = [
        "| a token without the cache, times one with it | ours | plain |",
        "|---|---|---|",
    ]
    for framework in FRAMEWORKS:
        pair = [found.get((framework, name)) for name in CACHED]
        if all(pair):
            without, cached = pair
            ours, plain = (
                without[key] / cached[key] for key in ("step_ms", "plain_step_ms")
            )
            title = FRAMEWORKS[framework].title
            lines.append(f"| {title} | {ours:.2f} | {plain:.2f} |")
    return "\n".join(lines) if len(lines) > 2 else ""


def machine() -> str:
    """What the times depend on."""
    names = Path("/proc/cpuinfo")
    model = "an unnamed processor"
    if names.exists():
        found = [n for n in names.read_text().splitlines() if "model name" in n]
        model = found[0].partition(":")[2].strip() if found else model
    version = ".".join(map(str, sys.version_info[:3]))
    return f"one core of {model}, Python {version}"


def print_trials(options: argparse.Namespace) -> int:
    """What steps of trials cost; exit with 2 where there is nothing to time."""
    frameworks = options.framework or installed()
    try:
        print(time_trials(options.trial, frameworks, options.rounds))
    except D2LError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def main() -> int:
    """Print the table; exit with 1 when a ratio is above its limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--framework", action="append", choices=installed())
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--rounds", type=int, default=25, help="pairs of epochs")
    parser.add_argument("--table", metavar="FILE", help="also write the table there")
    parser.add_argument(
        "--trial",
        action="append",
        metavar="NAME",
        help="instead: any trial, framework beside framework",
    )
    options = parser.parse_args()
    if options.trial:
        return print_trials(options)
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
    text = "\n\n".join(filter(None, (table(results), gains(results))))
    print(text)
    if options.table:
        head = INTRODUCTION.format(rounds=options.rounds, machine=machine())
        write_atomically(options.table, f"{head}\n{text}\n".encode())
    return int(any(r["ratio"] > CASES[r["case"]].limit for r in results))


if __name__ == "__main__":
    sys.exit(main())
