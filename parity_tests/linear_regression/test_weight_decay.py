"""Weight decay, from scratch and concise."""

from d2l.common.data.synthetic import linear_data
from d2l.parity.checks import rounded_to
from d2l.parity.oracles.regression import l2_penalty
from parity_tests.against_numpy import require_as_in_numpy
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
    sizes = {"num_train": 20, "num_val": 100, "num_inputs": 200, "batch_size": 5}
    task = {"name": "Data", "arguments": sizes}
    _, actual = run_task(pool, any_run, "samples", "data", **task)
    X, y = linear_data([0.01] * 200, 0.05, 0.01, 120, seed=0)
    actual = {name: rounded_to(any_run[1], array) for name, array in actual.items()}
    require_as_in_numpy(any_run, "examples", actual, {"X": X, "y": y}, "data")
