"""Plots: the same lines from every framework's tensors."""

import numpy as np

from d2l.parity.checks import require
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from parity_tests.workers import run_task

X = np.arange(0, 3, 0.1)


def test_lines(any_run, pool):
    """What matplotlib is told to draw."""
    framework, precision = any_run
    task = {"arrays": {"x": X}, "legend": ["f(x)", "Tangent line (x=1)"]}
    result, actual = run_task(pool, any_run, "plots", "plot", **task)
    expected = {
        "0.x": X,
        "0.y": 3 * X**2 - 4 * X,
        "1.x": X,
        "1.y": 2 * X - 3,
    }
    actual = {k: v.astype(np.float64) for k, v in actual.items()}
    names = (framework, "NumPy", "plot")
    require(measure_all(names, actual, expected, tolerance("function", precision)))
    assert result["legend"] == task["legend"]
    assert result["labels"] == ["x", "f(x)"]
    assert result["size"] == [3.5, 2.5]
