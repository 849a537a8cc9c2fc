"""`d2l train`: one trial in one framework, and its weights in a file."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from d2l.cli import options
from d2l.cli.options import Data, Epochs, Json, Precision, Pythons, Seed, TrialName

if TYPE_CHECKING:
    from d2l.parity.comparison import Plan
    from d2l.parity.run import Run

Framework = Annotated[
    str | None, typer.Option(metavar="A", help="Else PyTorch, or the first installed.")
]
Checkpoint = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Written every epoch; training goes on at it."),
]
Weights = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Start from these weights (safetensors)."),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Save the weights here (safetensors)."),
]


def train(
    trial: TrialName,
    framework: Framework = None,
    data: Data = None,
    epochs: Epochs = None,
    seed: Seed = 0,
    precision: Precision = "float32",
    python: Pythons = None,
    checkpoint: Checkpoint = None,
    weights: Weights = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Train a trial in one framework; weights go to one file for all frameworks.

    Training starts from the framework's own initial weights, from a checkpoint,
    if there is one, or from given weights of whichever framework.
    """
    pythons = options.parse_pythons(python)
    chosen = options.choose_frameworks(framework, pythons)
    one = chosen[:1] if framework is None else options.exactly_one(chosen)
    given = (trial, data, epochs, seed, precision, one)
    plan = options.make_plan(*given, command="train")
    options.check_file(checkpoint)
    options.check_file(out)
    start = _load_weights(weights)
    run = carry_out(plan, pythons, checkpoint, start)
    if out is not None:
        save_weights(out, plan, run)
    show(plan, run, out, as_json)


def _load_weights(path: Path | None) -> dict[str, Any]:
    from d2l.common.training.checkpoints import load_arrays
    from d2l.trials.observed import prefixed

    return {} if path is None else prefixed("weights", load_arrays(path)[0])


def carry_out(
    plan: Plan,
    pythons: dict[str, str],
    checkpoint: Path | None,
    weights: dict[str, Any],
) -> Run:
    """Train, with a bar on a terminal."""
    from d2l.cli.live import watching
    from d2l.parity.pool import Pool
    from d2l.parity.run import run_of

    framework = plan.reference
    with contextlib.ExitStack() as stack:
        # Called last, when the process has ended.
        worker: Any = None
        stack.callback(lambda: _tidy(checkpoint, worker))
        pool = stack.enter_context(Pool(pythons))
        watcher = stack.enter_context(watching([framework]))
        watcher.stage(framework, "starting")
        worker = pool.start(framework, plan.precision)
        worker.wait_until_ready()
        watcher.stage(framework, "training")
        facts, arrays = worker.run(
            "train",
            weights,
            progress=lambda state: watcher.step(framework, state),
            trial=plan.trial.key,
            data=plan.data,
            seed=plan.seed,
            epochs=plan.epochs,
            checkpoint=str(checkpoint.absolute()) if checkpoint is not None else None,
            # With one framework there is nobody to share masks with.
            shared_masks=False,
        )
    return run_of(framework, plan.trial.step_curves, facts, arrays)


def _tidy(checkpoint: Path | None, worker: Any) -> None:
    """Delete what the process left if it was ended while it wrote."""
    from d2l.common.training.checkpoints import delete_leftovers

    if checkpoint is not None and worker is not None:
        delete_leftovers(checkpoint, worker.process.pid)


def save_weights(path: Path, plan: Plan, run: Run) -> None:
    """Canonical weights, and beside them what they are weights of."""
    from d2l.common.training.checkpoints import save_arrays

    metadata = {
        "trial": plan.trial.name,
        "data": plan.data or "",
        # With it the model can be built again without its data.
        "outline": json.dumps(run.facts["outline"]),
        "framework": run.framework,
        "version": run.facts["version"],
        "precision": plan.precision,
        "layout": "canonical",
    }
    save_arrays(path, run.weights, metadata)


def show(plan: Plan, run: Run, out: Path | None, as_json: bool) -> None:
    """The final numbers."""
    from d2l.cli.output import console, print_json

    record = run.as_record(plan.metric)
    if as_json:
        facts = {"trial": plan.trial.name, "data": plan.data, "seed": plan.seed}
        more = {"precision": plan.precision, "metric": plan.metric}
        print_json(facts | more | record)
        return
    from d2l.cli.compare_table import print_run

    screen = console()
    print_run(screen, plan, run)
    if run.facts["steps"] == 0:
        screen.print(f"The checkpoint has all {plan.epochs} epochs: no step was left.")
    if out is not None:
        screen.print(f"Written: {out}", soft_wrap=True)
