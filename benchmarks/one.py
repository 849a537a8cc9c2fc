"""Time one case in one framework: `python -m benchmarks.one FRAMEWORK CASE ROUNDS`.

Prints one JSON object. The trainer's epochs and the plain loop's take turns, so
that a machine that slows down slows both.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.cases import CASES, LR, Batches, Case
from d2l.parity.backend import Backend, load_backend
from d2l.parity.session import LimitedData
from d2l.parity.training_tasks import peak_memory_mib


def build(case: Case, backend: Backend, data: Batches) -> Any:
    """The model, with its parameters made."""
    arguments = dict(case.arguments)
    namespace = backend.namespace()
    if backend.name == "jax" and case.model != "LeNet":
        arguments["num_inputs"] = case.shape[-1] * case.shape[-2]
    model = getattr(namespace, case.model)(**arguments)
    backend.materialise(model, [data.batches[0][0]])
    return model


def seconds(run: Callable[[], Any], backend: Backend) -> float:
    """How long `run` takes, until the device has done its work."""
    start = time.perf_counter()
    run()
    backend.synchronise()
    return time.perf_counter() - start


def time_in_turns(
    trainer: Any,
    model: Any,
    data: Batches,
    plain: Callable[[], Any],
    rounds: int,
    backend: Backend,
) -> list[tuple[float, float]]:
    """Seconds of the epochs of one `fit`, and of a plain epoch beside each.

    Within `fit`: some trainers compile the model for as long as it runs.
    """
    pairs = []
    own_epoch = trainer.fit_epoch

    def epoch() -> None:
        if trainer.epoch == 0:  # compiles
            own_epoch()
        elif trainer.epoch % 2:
            ours = seconds(own_epoch, backend)
            pairs.append((ours, seconds(plain, backend)))
        else:
            theirs = seconds(plain, backend)
            pairs.append((seconds(own_epoch, backend), theirs))

    trainer.fit_epoch = epoch
    trainer.max_epochs = rounds + 1
    trainer.fit(model, data)
    return pairs


def measure(framework: str, case: Case, rounds: int) -> dict[str, Any]:
    """Times of the trainer and of the plain loop, in turn."""
    backend = load_backend(framework)
    backend.configure("float32")
    data = Batches(case, backend)
    trainer = backend.namespace().Trainer(max_epochs=1)
    model = build(case, backend, data)
    first = seconds(lambda: trainer.fit(model, LimitedData(data, 1)), backend)
    loops = import_module(f"benchmarks.loops.{framework}")
    plain = loops.make_epoch(build(case, backend, data), data.batches, LR)
    plain()
    pairs = time_in_turns(trainer, model, data, plain, rounds, backend)
    ratios = [ours / theirs for ours, theirs in pairs]
    return {
        "framework": framework,
        "version": backend.version(),
        "case": case.name,
        "ratio": statistics.median(ratios),
        "ratios": [min(ratios), max(ratios)],
        "step_ms": 1e3 * statistics.median(p[0] for p in pairs) / case.batches,
        "plain_step_ms": 1e3 * statistics.median(p[1] for p in pairs) / case.batches,
        "first_step_ms": 1e3 * first,
        "peak_memory_mib": peak_memory_mib(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], CASES[sys.argv[2]], int(sys.argv[3]))))
