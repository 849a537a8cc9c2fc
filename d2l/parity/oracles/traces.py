"""What loops and shared functions must leave behind, computed in NumPy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from d2l.common.training.mask_stream import MaskStream
from d2l.common.weights import Arrays
from d2l.parity.checks import TRAINED, Checker
from d2l.parity.measure import Measurement, measure_all, same_precision
from d2l.parity.oracles import adversarial, planning
from d2l.parity.oracles.runs import OracleRun
from d2l.parity.session import MASK_SEED
from d2l.parity.tolerances import tolerance
from d2l.trials import Trial
from d2l.trials.observed import prefixed, select
from d2l.trials.reinforcement_learning import GAMMA, grid_world


def gan(run: OracleRun, steps: int) -> Arrays:
    """The losses and weights of both networks."""
    weights, found = run.weights(), run.first_batches(steps)
    batches = [found[f"train.{i}.0"] for i in range(steps)]
    rates = {name: run.trial.arguments[name] for name in ("lr_D", "lr_G")}
    halves = select(weights, "net_D"), select(weights, "net_G")
    trained = adversarial.train(*halves, batches, MaskStream(MASK_SEED), **rates)
    return {
        name.replace("parameter.", "parameter.net_"): array
        for name, array in trained.items()
    }


def value_iter(run: OracleRun, steps: int) -> Arrays:
    """The values after each sweep by plain sums, and what is best in the end."""
    mdp = grid_world()
    tables = np.asarray(mdp.P), np.asarray(mdp.r), GAMMA
    sweeps = run.trial.arguments["num_iters"]
    values = planning.best_values(*tables, sweeps)
    cells = list(np.ndindex(tables[1].shape))
    Q = [planning.action_value(*tables, values[-1], *cell) for cell in cells]
    policy = np.reshape(Q, tables[1].shape).argmax(axis=1)
    return prefixed("returned", {"0": values, "1": policy})


#: By the name of a trial: what it must leave behind, or as much as NumPy tells.
TRACES: dict[str, Callable[[OracleRun, int], Arrays]] = {
    "gan": gan,
    "value_iter": value_iter,
}


def check_trace(
    checker: Checker, framework: str, precision: str, trial: Trial
) -> list[Measurement]:
    """Curves, what is returned, and parameters, against the oracle."""
    run = OracleRun(checker, framework, precision, trial)
    steps = checker.steps
    weights = prefixed("weights", run.weights())
    actual = run.task("curve", weights, seed=checker.seed, steps=steps)
    expected = TRACES[trial.name](run, steps)
    results = []
    for part, kind in TRAINED.items():
        limit = tolerance(kind, precision, steps=steps, smooth=trial.smooth)
        pair = same_precision(select(actual, part), select(expected, part))
        names = (framework, "NumPy", f"oracle: {kind} of the trace")
        results += measure_all(names, *pair, limit)
    return results
