"""Train on real data in all frameworks: `python -m benchmarks.real_data`.

For each model one `d2l compare`, kept in docs/results, and the reference alone
from other weights and batches: how far apart its results are says what a
difference between frameworks means.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from d2l import trials
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.training.checkpoints import write_atomically

FOLDER = Path("docs/results")
#: Besides 0, which all frameworks train from.
OTHER_SEEDS = (1, 2)

#: Where rounding grows until each framework's run is one of chance's, four results
#: are further apart than three, and may by chance be so twice as far.
MOST_OF_CHANCE = 2

INTRODUCTION = """# On real data

Each model trained once in every framework, from the same weights, on the same
batches, in float32. The numbers are of the last epoch's validation. "Frameworks
apart" is the largest difference between two frameworks; "seeds apart" that between
PyTorch's own results for {count} seeds, which is what chance alone does. "First
hundred steps" is the largest relative difference of the training loss to
PyTorch's in them. Each row's folder holds the record, `compare.json`.

`make results` makes all of this; one row is `d2l compare TRIAL --data DATA`. The
data are downloaded, or are in `$D2L_DATA`.
"""


@dataclass(frozen=True)
class Row:
    """A model on a data set.

    expected: the smallest and the largest value of its metric that we accept, from
        what is published of the model on these data.
    epochs: where they are not the trial's.
    """

    trial: str
    data: str
    expected: tuple[float, float]
    epochs: int | None = None

    @property
    def folder(self) -> Path:
        """Where its record is kept."""
        return FOLDER / self.trial

    @property
    def command(self) -> list[str]:
        """Without the option that says where the record goes."""
        command = ["d2l", "compare", self.trial, "--data", self.data]
        return command + (["--epochs", str(self.epochs)] if self.epochs else [])


ROWS = (
    Row("lenet", "fashion_mnist", (0.7, 0.9)),
    Row("bn_lenet", "fashion_mnist", (0.8, 0.95)),
    Row("resnet18", "fashion_mnist", (0.8, 0.95)),
    Row("vit", "fashion_mnist", (0.7, 0.95)),
    # Half of its own epochs: as many as the gated ones, which end well below it.
    Row("rnn", "time_machine", (7.5, 9), epochs=50),
    Row("lstm", "time_machine", (3, 7.5)),
    Row("gru", "time_machine", (3, 7.5)),
    Row("attention_seq2seq", "fra_eng", (2, 6)),
)


def run(command: list[str]) -> str:
    """What a command of this package prints; its progress is shown."""
    command = [sys.executable, "-c", "from d2l.cli import main; main()", *command[1:]]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    # 1 says that a tolerance is broken, which long trainings in float32 may do.
    if done.returncode not in (0, 1):
        sys.exit(done.returncode)
    return done.stdout


def make(row: Row) -> None:
    """Train in all frameworks, then the reference with other seeds."""
    run([*row.command, "--out", str(row.folder)])
    # The page shows the code as well, which is elsewhere in this repository.
    (row.folder / "index.html").unlink()
    path = row.folder / "compare.json"
    record = json.loads(path.read_text())
    one = [*row.command, "--frameworks", record["reference"], "--json"]
    others = [json.loads(run([*one, "--seed", str(seed)])) for seed in OTHER_SEEDS]
    finals = [other["runs"][0]["final_metric"] for other in others]
    write_atomically(row.folder / "seeds.json", f"{json.dumps(finals)}\n".encode())


def spread(values: list[float]) -> float:
    """The largest difference between two of them."""
    return max(values) - min(values)


@dataclass(frozen=True)
class Result:
    """What a row's records say."""

    row: Row
    record: dict[str, Any]
    other_seeds: list[float]

    @property
    def finals(self) -> dict[str, float]:
        """The last metric of each framework."""
        return {r["framework"]: r["final_metric"] for r in self.record["runs"]}

    @property
    def frameworks_apart(self) -> float:
        """How much it matters which framework one takes."""
        return spread(list(self.finals.values()))

    @property
    def seeds_apart(self) -> float:
        """How much it matters which seed one takes."""
        return spread([self.finals[self.record["reference"]], *self.other_seeds])

    @property
    def first_steps_apart(self) -> float:
        """The largest relative difference of a loss of the first hundred steps."""
        curves = {r["framework"]: r["curve"][:100] for r in self.record["runs"]}
        reference = curves[self.record["reference"]]
        scale = max(map(abs, reference))
        differences = (
            abs(a - b)
            for curve in curves.values()
            for a, b in zip(curve, reference, strict=True)
        )
        return max(differences) / scale

    @property
    def problems(self) -> list[str]:
        """What is not as it should be."""
        low, high = self.row.expected
        found = [
            f"{self.row.trial}: {name} ends at {value:.4g}, not in {low} to {high}"
            for name, value in self.finals.items()
            if not low <= value <= high
        ]
        if self.frameworks_apart > MOST_OF_CHANCE * self.seeds_apart:
            found.append(f"{self.row.trial}: frameworks are further apart than chance")
        return found


def read(row: Row) -> Result:
    """A row's records."""
    names = ("compare.json", "seeds.json")
    record, seeds = (json.loads((row.folder / name).read_text()) for name in names)
    return Result(row, record, seeds)


def table(results: list[Result]) -> str:
    """The results as Markdown."""
    titles = [framework.title for framework in FRAMEWORKS.values()]
    head = ["model, data", "epochs", "metric", *titles]
    head += ["frameworks apart", "seeds apart", "first hundred steps"]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for result in results:
        record = result.record
        title = trials.find(record["trial"]).title
        cells = [f"[{title}](#{record['trial']}), {record['data']}"]
        cells += [str(record["epochs"]), record["metric"]]
        cells += [f"{result.finals[name]:.4g}" for name in FRAMEWORKS]
        cells += [f"{result.frameworks_apart:.1g}", f"{result.seeds_apart:.1g}"]
        cells.append(f"{result.first_steps_apart:.0e}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page(results: list[Result]) -> str:
    """The page of all results, with their plots."""
    parts = [INTRODUCTION.format(count=1 + len(OTHER_SEEDS)), table(results)]
    for result in results:
        name = result.row.trial
        parts.append(f'<a id="{name}"></a>\n\n`{" ".join(result.row.command)}`')
        parts.append(f"![Curves of {name} in all frameworks]({name}/curves.svg)")
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Train what is asked for and rewrite the page; 1 where a result is amiss."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.real_data", description=__doc__
    )
    names = [row.trial for row in ROWS]
    parser.add_argument("--trial", action="append", choices=names, help="only these")
    parser.add_argument("--page", action="store_true", help="only rewrite the page")
    options = parser.parse_args()
    for row in ROWS:
        if not options.page and row.trial in (options.trial or names):
            make(row)
    done = [row for row in ROWS if (row.folder / "seeds.json").exists()]
    results = [read(row) for row in done]
    write_atomically(FOLDER / "README.md", page(results).encode())
    problems = [problem for result in results for problem in result.problems]
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
