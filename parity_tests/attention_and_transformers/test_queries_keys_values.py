"""Heatmaps: every framework's own attention weights, as matplotlib gets them."""

import numpy as np

from d2l.parity.checks import require
from d2l.parity.measure import measure_all
from d2l.parity.oracles.attention import masked_softmax
from d2l.parity.tolerances import tolerance
from parity_tests.workers import run_task

SCORES = np.random.default_rng(0).standard_normal((2, 3, 4, 5))


def test_attention_weights(any_run, pool):
    """Each matrix in its own place, with one scale of colours for all."""
    framework, precision = any_run
    weights = masked_softmax(SCORES.reshape(6, 4, 5), None).reshape(SCORES.shape)
    task = {"arrays": {"scores": SCORES}, "titles": ["first", "second", "third"]}
    result, actual = run_task(pool, any_run, "plots", "heatmaps", **task)
    expected = {f"{row}.{col}": weights[row, col] for row, col in np.ndindex(2, 3)}
    actual = {k: v.astype(np.float64) for k, v in actual.items()}
    names = (framework, "NumPy", "heatmaps")
    require(measure_all(names, actual, expected, tolerance("function", precision)))
    lowest, highest = (
        min(map(np.min, actual.values())),
        max(map(np.max, actual.values())),
    )
    assert result["limits"] == [[lowest, highest]] * 6
    assert result["titles"] == task["titles"] * 2
    assert result["labels"] == ["Keys", "Queries"]
