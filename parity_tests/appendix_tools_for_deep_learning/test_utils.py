"""Helpers of the book's older style."""

import numpy as np
import pytest

from d2l.common.data.batches import BatchOrder
from d2l.parity.checks import rounded_to
from d2l.parity.oracles.classification import number_right, share_right
from d2l.parity.oracles.optimizers import clip_by_norm
from d2l.parity.oracles.regression import linreg, squared_loss
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.distributions import require_normal
from parity_tests.function_parity import FunctionParity
from parity_tests.workers import run_task

RANDOM = np.random.default_rng(0)


class TestLinreg(FunctionParity):
    name = "linreg"
    wrt = ("X", "w", "b")

    def inputs(self, random):
        sizes = {"X": (5, 3), "w": (3, 1), "b": (1,)}
        return {name: random.standard_normal(size) for name, size in sizes.items()}

    def oracle(self, X, w, b):
        return linreg(X, w, b)


class TestSquaredLoss(FunctionParity):
    name = "squared_loss"
    wrt = ("y_hat", "y")

    def inputs(self, random):
        # Labels of another shape, which are not to be broadcast.
        return {"y_hat": random.standard_normal((5, 1)), "y": random.standard_normal(5)}

    def oracle(self, y_hat, y):
        return squared_loss(y_hat, y)


class TestAccuracy(FunctionParity):
    name = "accuracy"
    returns_number = True

    def inputs(self, random):
        logits = random.standard_normal((9, 4))
        labels = logits.argmax(1)
        labels[:3] = (labels[:3] + 1) % 4
        return {"y_hat": logits, "y": labels}

    def oracle(self, y_hat, y):
        return number_right(y_hat, y)


class TestAccuracyOfLabels(TestAccuracy):
    """Predictions may be labels already."""

    def inputs(self, random):
        y = random.integers(0, 4, 9)
        return {"y_hat": np.where(random.uniform(size=9) < 0.4, y, (y + 1) % 4), "y": y}

    def case(self):
        return "accuracy of labels"


def test_evaluation(any_run, pool):
    """The accuracy and the mean loss of a function on a data set."""
    X, w = RANDOM.standard_normal((10, 3)), RANDOM.standard_normal((3, 4))
    arrays = {"X": X, "w": w, "labels": RANDOM.integers(0, 4, 10)}
    arrays["targets"] = RANDOM.standard_normal((10, 4))
    _, actual = run_task(pool, any_run, "older_style", "evaluate", arrays)
    actual = {k: rounded_to(any_run[1], v) for k, v in actual.items()}
    expected = {
        "evaluate_accuracy": share_right(X @ w, arrays["labels"]),
        "evaluate_loss": squared_loss(X @ w, arrays["targets"]).mean(),
    }
    require_as_in_numpy(any_run, "evaluation", actual, expected)


def test_sgd(any_run, pool):
    """Three steps of descent on a linear model."""
    X, y = RANDOM.standard_normal((8, 3)), RANDOM.standard_normal((8, 1))
    w, b = RANDOM.standard_normal((3, 1)), RANDOM.standard_normal(1)
    task = {"arrays": {"X": X, "y": y, "w": w, "b": b}, "lr": 0.3, "steps": 3}
    _, actual = run_task(pool, any_run, "older_style", "descend", **task)
    for _ in range(task["steps"]):
        error = linreg(X, w, b) - y
        w, b = w - 0.3 * X.T @ error / len(X), b - 0.3 * error.sum(0) / len(X)
    require_as_in_numpy(any_run, "sgd", actual, {"w": w, "b": b}, "update")


@pytest.mark.parametrize("theta", [0.5, 100.0])
def test_grad_clipping(any_run, pool, theta):
    """By the joint norm of all gradients; small ones are left alone."""
    arrays = {"v": RANDOM.standard_normal((3, 2)), "w": 5 * RANDOM.standard_normal(4)}
    task = {"arrays": arrays, "theta": theta}
    _, actual = run_task(pool, any_run, "older_style", "clip", **task)
    require_as_in_numpy(any_run, "grad_clipping", actual, clip_by_norm(arrays, theta))


@pytest.mark.parametrize("is_train", [True, False])
def test_load_array(any_run, pool, is_train):
    """Two epochs of batches, the last one of each not full."""
    X, y = RANDOM.standard_normal((10, 3)), np.arange(10)
    task = {"arrays": {"X": X, "y": y}, "batch_size": 4, "is_train": is_train}
    _, actual = run_task(pool, any_run, "older_style", "load", **task)
    order = BatchOrder(10, 4, shuffle=is_train)
    expected = {}
    for epoch in range(2):
        for i, indices in enumerate(order.batches(epoch)):
            expected |= {f"{epoch}.{i}.X": X[indices], f"{epoch}.{i}.y": y[indices]}
    require_as_in_numpy(any_run, "load_array", actual, expected)


def test_synthetic_data(any_run, pool):
    """Inputs are standard normal; the noise has a standard deviation of 0.01."""
    w = np.array([2.0, -3.4])
    task = {"arrays": {"w": w}, "seed": 1, "num_examples": 2000}
    _, found = run_task(pool, any_run, "samples", "synthetic_data", **task)
    assert found["X"].shape == (2000, 2)
    assert found["y"].shape == (2000, 1)
    require_normal(found["X"], 0, 1)
    require_normal(found["y"] - found["X"] @ w[:, None] - 4.2, 0, 0.01)


def test_accumulator(any_run, pool):
    """Numbers and tensors are added up."""
    result, _ = run_task(pool, any_run, "older_style", "accumulate")
    assert result["sums"] == [5.0, 7.5]
    assert result["after_reset"] == [0.0, 0.0]


def test_train_ch6(framework, pool):
    """A small classifier learns the digits."""
    result, _ = run_task(pool, (framework, "float32"), "older_style", "train_ch6")
    assert "test acc" in result["printed"]
    assert "examples/sec" in result["printed"]
    assert result["test_acc"] > 0.8
