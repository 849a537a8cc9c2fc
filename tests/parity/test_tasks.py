"""Tasks and checks, run in this process and in others, with PyTorch."""

import numpy as np
import pytest

from d2l import trials
from d2l.common import trees
from d2l.common.errors import D2LError
from d2l.common.frameworks import installed
from d2l.parity import check_list, checks, function_tasks, model_tasks, training_tasks
from d2l.parity.evidence import Evidence
from d2l.parity.initial_weights import initial_weights
from d2l.parity.measure import Measurement
from d2l.parity.pool import Pool
from d2l.parity.tasks import TASKS
from d2l.trials.observed import prefixed, select

pytestmark = pytest.mark.skipif("torch" not in installed(), reason="needs PyTorch")
#: Importing a module of tasks is what lists them.
MODULES = (function_tasks, model_tasks, training_tasks)


@pytest.fixture(scope="module")
def session():
    from d2l.parity.session import Session

    return Session("torch", "float32")


def run(session, task, arrays=None, **arguments):
    return TASKS[task](session, arrays or {}, **arguments)


def weights_of(session, trial):
    result, _ = run(session, "shapes", trial=trial, data=None)
    shapes = {k: tuple(v) for k, v in result["shapes"].items()}
    return prefixed("weights", initial_weights(shapes, 0))


@pytest.mark.parametrize("trial", ["linear_regression", "mlp", "dropout_mlp"])
def test_weights_come_back(session, trial):
    given = weights_of(session, trial)
    _, found = run(session, "weights", given, trial=trial)
    for name, array in select(given, "weights").items():
        assert np.array_equal(found[name], array.astype(np.float32))


def test_masks_are_drawn_in_training_alone(session):
    weights = weights_of(session, "dropout_mlp")
    _, found = run(session, "forward", weights, trial="dropout_mlp")
    again = run(session, "forward", weights, trial="dropout_mlp")[1]
    assert np.array_equal(found["training.output"], again["training.output"])
    assert not np.array_equal(found["training.output"], found["evaluation.output"])
    assert {"training.net.1", "evaluation.net.7"} <= set(found)


def test_gradients_of_a_given_batch(session):
    weights = weights_of(session, "linear_regression")
    X = np.array([[1.0, 2.0], [0.5, -1.0]])
    y = np.array([[1.0], [2.0]])
    batch, arrays = trees.pack((X, y))
    task = {"trial": "linear_regression", "batch": batch}
    _, found = run(session, "gradients", weights | prefixed("batch", arrays), **task)
    w, b = weights["weights.net.weight"], weights["weights.net.bias"]
    error = X @ w.T + b - y
    assert found["loss"] == pytest.approx(np.mean(error**2), rel=1e-5)
    expected = (2 * error * X).mean(0, keepdims=True)
    assert np.allclose(found["parameter.net.weight"], expected, rtol=1e-5)
    assert np.allclose(found["input.0"], 2 * error * w / 2, rtol=1e-5)


def test_a_curve_has_the_steps_that_were_asked_for(session):
    weights = weights_of(session, "mlp")
    momentum = checks.optimizer_argument("momentum")
    _, found = run(session, "curve", weights, trial="mlp", steps=30, optimizer=momentum)
    # More than one pass over the data's 23 batches.
    assert found["curve.train_loss"].shape == (30,)
    assert found["curve.val_acc"].shape == (2,)
    assert found["optimizer.momentum_buffer.net.1.weight"].shape == (256, 64)


def test_training_reports_progress(session):
    reports = []
    weights = weights_of(session, "linear_regression")
    result, found = run(
        session,
        "train",
        weights,
        report=reports.append,
        trial="linear_regression",
        epochs=2,
    )
    assert result["steps"] == len(found["curve.train_loss"]) == len(reports)
    assert reports[-1]["step"] == reports[-1]["steps"]
    assert result["parameters"] == 3
    assert result["first_step_ms"] > 0
    assert result["peak_memory_mib"] > 10


def test_functions_and_blocks(session):
    arrays = {"0": np.arange(6.0).reshape(2, 3), "1": np.ones((1, 2))}
    _, found = run(session, "call", arrays, name="corr2d", wrt=["1"])
    assert found["output"].tolist() == [[1, 3], [7, 9]]
    assert set(found) == {"output", "gradient.1"}
    inputs = {"inputs.0": np.ones((2, 3))}
    shapes, _ = run(
        session,
        "block",
        inputs,
        name="MyLinear",
        arguments={"in_units": 3, "units": 2},
        shapes=True,
    )
    assert shapes["shapes"] == {"weight": [3, 2], "bias": [2]}


def test_a_table_of_houses_loads_through_its_trial(session):
    _, found = run(session, "batches", trial="kaggle_house", data=None, steps=1)
    assert found["train.0.0"].shape[0] == 32
    assert found["train.0.1"].shape == (32, 1)


def test_unknown_names_are_one_sentence(session):
    with pytest.raises(D2LError, match="no data 'cifar': choose digits"):
        run(session, "shapes", trial="lenet", data="cifar")
    with pytest.raises(D2LError, match="no loss 'hinge'"):
        model_tasks.loss_function(session, "hinge")


@pytest.mark.parametrize("trial", ["mlp", "lenet"])
def test_the_first_of_many_steps_leaves_what_a_single_one_leaves(session, trial):
    given = {"trial": trial, "optimizer": checks.optimizer_argument("adam")}
    shapes = run(session, "shapes", trial=trial, data=None)[0]["shapes"]
    filled = initial_weights({k: tuple(v) for k, v in shapes.items()}, 0)
    single, many = (
        run(session, "curve", prefixed("weights", filled), steps=n, **given)[1]
        for n in (1, 3)
    )
    updated = select(many, "updated")
    parts = ("parameter.", "optimizer.")
    expected = {k: v for k, v in single.items() if k.startswith(parts)}
    assert expected
    assert updated.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(updated[name], array)
        assert not np.array_equal(many[name], array)


@pytest.fixture(scope="module")
def checker():
    with Pool() as pool:
        yield checks.Checker(pool, steps=5)


@pytest.mark.parametrize("trial", ["linear_regression", "softmax_regression"])
def test_every_check_of_a_trial(checker, trial):
    found = trials.find(trial)
    names = check_list.checks_of(trials.find(trial), "torch", "float32", "torch")
    # A model returns nothing that an oracle of traces could judge.
    assert {n for n, _ in names} == set(check_list.CHECKS) - {"trace"}
    for name, arguments in names:
        check = check_list.CHECKS[name]
        checks.require(check(checker, "torch", "float32", found, **arguments))


def test_the_truth_is_left_with_its_own_version_from_scratch():
    names = check_list.checks_of(trials.find("mlp"), "torch", "float64", "torch")
    assert {n for n, _ in names if not n.startswith("oracle")} == {"scratch"}
    names = check_list.checks_of(trials.find("lenet"), "torch", "float64", "torch")
    assert all(n.startswith("oracle") for n, _ in names)


def test_a_model_without_a_twin_has_no_such_check(checker):
    with pytest.raises(ValueError, match="no version from scratch"):
        check_list.CHECKS["scratch"](checker, "torch", "float64", trials.find("lenet"))


def test_evidence_keeps_the_worst(tmp_path):
    evidence = Evidence(steps=20)
    rows = [
        Measurement("jax", "torch", "forward", f"net.{i}", error, 1e-12)
        for i, error in enumerate([1e-16, 3.14159e-15, 2e-16])
    ]
    evidence.add("chapter/section", "lenet", "float64", rows)
    evidence.write(tmp_path)
    text = (tmp_path / "chapter" / "section.json").read_text()
    assert '"tensor": "net.1"' in text
    assert '"error": 3.14e-15' in text
    assert text.count('"subject"') == 1
