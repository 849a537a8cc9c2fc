"""A noisy sine and its predictions."""

import numpy as np

from d2l.common.data.sequences import autoregressive, noisy_sine
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.workers import run_task

WEIGHTS = {"net.weight": np.array([[0.1, -0.3, 0.5, 0.6]]), "net.bias": np.array([0.2])}


def test_k_step_pred(any_run, pool):
    """Each prediction is the last of the inputs of the next one."""
    arrays = {f"weights.{name}": array for name, array in WEIGHTS.items()}
    _, actual = run_task(pool, any_run, "texts", "predictions", arrays, k=5)
    X, _ = autoregressive(noisy_sine(1000, 0.2, seed=0), tau=4)
    X, columns = X[: len(X) - 4], []
    for _ in range(5):
        columns.append(X @ WEIGHTS["net.weight"].T + WEIGHTS["net.bias"])
        X = np.hstack([X[:, 1:], columns[-1]])
    expected = {"output": np.hstack(columns)}
    require_as_in_numpy(any_run, "predictions", actual, expected)
