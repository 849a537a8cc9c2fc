"""Weight decay, from scratch and concise."""

from d2l.common.data.synthetic import linear_data
from d2l.parity.checks import require, rounded_to
from d2l.parity.measure import measure_all
from d2l.parity.oracles.regression import l2_penalty
from d2l.parity.tolerances import tolerance
from parity_tests.function_parity import FunctionParity
from parity_tests.workers import run_task


class TestL2Penalty(FunctionParity):
    name = "l2_penalty"
    wrt = ("w",)

    def inputs(self, random):
        return {"w": random.standard_normal((6, 1))}

    def oracle(self, w):
        return l2_penalty(w)


def test_data(any_run, pool):
    """The same examples in all frameworks."""
    framework, precision = any_run
    sizes = {"num_train": 20, "num_val": 100, "num_inputs": 200, "batch_size": 5}
    task = {"name": "Data", "arguments": sizes}
    _, actual = run_task(pool, any_run, "samples", "data", **task)
    X, y = linear_data([0.01] * 200, 0.05, 0.01, 120, seed=0)
    actual = {k: rounded_to(precision, v) for k, v in actual.items()}
    expected = {k: rounded_to(precision, v) for k, v in {"X": X, "y": y}.items()}
    names = (framework, "NumPy", "examples")
    require(measure_all(names, actual, expected, tolerance("data", precision)))
