"""What is remembered of the answers of tasks, and what is another question."""

import numpy as np
import pytest

from d2l.parity.checks import Checker
from d2l.parity.memory import KEPT, Memory

TRUTH = ("torch", "float64")
OTHER = ("jax", "float32")
ANSWER = {"output": np.ones(3)}


class Counting:
    """A pool that counts what it is asked."""

    def __init__(self):
        self.asked = 0

    def run(self, framework, precision, task, arrays, **arguments):
        self.asked += 1
        return {}, {"number": np.array(self.asked)}


@pytest.mark.parametrize(
    ("keeps_all", "run", "task", "times"),
    [
        (False, TRUTH, "batches", 1),
        (False, OTHER, "curve", 2),
        (True, OTHER, "curve", 1),
        (True, OTHER, "weights", 2),
    ],
)
def test_who_is_asked_twice(keeps_all, run, task, times):
    pool = Counting()
    checker = Checker(pool, keeps_all=keeps_all)
    for _ in range(2):
        found = checker.run(*run, task, {"w": np.ones(2)}, trial="mlp")
        found.clear()  # an answer is the caller's own
    assert pool.asked == times


def test_what_is_another_question():
    memory = Memory(TRUTH)
    base = memory.key(OTHER, "curve", {"w": np.ones(2)}, {"trial": "mlp", "steps": 3})
    others = [
        memory.key(TRUTH, "curve", {"w": np.ones(2)}, {"trial": "mlp", "steps": 3}),
        memory.key(OTHER, "forward", {"w": np.ones(2)}, {"trial": "mlp", "steps": 3}),
        memory.key(OTHER, "curve", {"w": np.zeros(2)}, {"trial": "mlp", "steps": 3}),
        memory.key(
            OTHER, "curve", {"w": np.ones((2, 1))}, {"trial": "mlp", "steps": 3}
        ),
        memory.key(OTHER, "curve", {"v": np.ones(2)}, {"trial": "mlp", "steps": 3}),
        memory.key(OTHER, "curve", {"w": np.ones(2)}, {"trial": "mlp", "steps": 4}),
    ]
    assert len({base, *others}) == len(others) + 1


def test_what_is_the_same_question():
    memory = Memory(TRUTH)
    exact, rounded = np.array([1 / 3]), np.array([1 / 3], np.float32)
    unsaid = memory.key(OTHER, "curve", {"w": exact}, {"trial": "mlp"})
    said = {"trial": "mlp", "clip": 0, "optimizer": None}
    assert memory.key(OTHER, "curve", {"w": rounded.astype(float)}, said) == unsaid


def test_the_oldest_are_forgotten_but_not_the_truth():
    memory = Memory(TRUTH, keeps_all=True)
    memory.keep("truth", TRUTH, "curve", ANSWER)
    for i in range(KEPT + 1):
        memory.keep(str(i), OTHER, "curve", ANSWER)
    assert memory.find("0") is None
    assert memory.find("1") is not None
    assert memory.find("truth") is not None
