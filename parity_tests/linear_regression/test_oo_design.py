"""The trainer: resuming, boards, and training as readers do it."""

import dataclasses

import pytest

from d2l import trials
from d2l.parity.checks import TRUTH, require, rounded_to, same_precision
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from d2l.trials import OPTIMIZERS
from d2l.trials.observed import select
from parity_tests.known_differences import expect
from parity_tests.workers import run_task

#: An optimizer with a state, one that counts its steps; and a model whose masks
#: depend on the number of the step.
RESUMED = [
    ("linear_regression", "momentum"),
    ("linear_regression", "adam"),
    ("dropout_mlp", "default"),
]
EPOCHS = 2


def settings(checker, trial, optimizer="default", epochs=EPOCHS):
    """What the task `fit` is called with."""
    choice = OPTIMIZERS[optimizer]
    return {
        "arrays": checker.weights(trials.find(trial)),
        "trial": trial,
        "epochs": epochs,
        "optimizer": None if choice is None else dataclasses.asdict(choice),
    }


def measure(names, actual, expected, precision=TRUTH):
    """Curves, weights and the optimizer's state."""
    limit = tolerance("curve", precision, steps=EPOCHS)
    return measure_all(names, *same_precision(actual, expected), limit)


def judge(found, evidence, precision=TRUTH):
    """Keep as evidence; require."""
    evidence.add("linear_regression/oo_design", "Trainer", precision, found)
    require(expect(found, "Trainer", precision))


@pytest.fixture(scope="module")
def uninterrupted(pool, checker):
    """The reference's training in one go, for each case."""
    found = {}

    def train(case):
        if case not in found:
            run = (checker.reference, TRUTH)
            task = settings(checker, *case)
            found[case] = run_task(pool, run, "training", "fit", **task)[1]
        return found[case]

    return train


def last_epoch(found):
    """The second half of the curves; the weights and the optimizer's state."""
    curves = {k: v for k, v in found.items() if k.startswith("curve.")}
    halves = {k: v[len(v) // EPOCHS :] for k, v in curves.items()}
    return found | halves


@pytest.mark.parametrize("case", RESUMED, ids=map(" with ".join, RESUMED))
@pytest.mark.parametrize("beginner", ["the same", "the reference"])
def test_resumed_training(
    framework, pool, checker, evidence, uninterrupted, tmp_path, case, beginner
):
    """Stopped after an epoch and taken up by another trainer, from its file.

    The file may come from another framework.
    """
    first = framework if beginner == "the same" else checker.reference
    path, expected = tmp_path / "checkpoint.safetensors", uninterrupted(case)
    frameworks = (first, framework)
    judge(measure_resumed(frameworks, pool, checker, case, path, expected), evidence)


@pytest.mark.parametrize("case", RESUMED, ids=map(" with ".join, RESUMED))
def test_reference_resumes_others(
    framework, pool, checker, evidence, uninterrupted, tmp_path, case
):
    """What a framework has begun goes on in the reference."""
    path, expected = tmp_path / "checkpoint.safetensors", uninterrupted(case)
    frameworks = (framework, checker.reference)
    judge(measure_resumed(frameworks, pool, checker, case, path, expected), evidence)


def measure_resumed(frameworks, pool, checker, case, path, expected):
    """One epoch in the first framework, another in the second."""
    first, second = frameworks
    task = {"checkpoint": str(path)}
    begin = settings(checker, *case, epochs=1) | task
    run_task(pool, (first, TRUTH), "training", "fit", **begin)
    go_on = settings(checker, *case) | task
    _, actual = run_task(pool, (second, TRUTH), "training", "fit", **go_on)
    names = (second, checker.reference, f"resumed from {first}")
    return measure(names, actual, last_epoch(expected))


@pytest.mark.parametrize("trial", ["linear_regression", "mlp", "lenet"])
def test_training_as_readers_do(any_run, pool, checker, evidence, trial):
    """Outside of parity mode, where MXNet and others take faster ways."""
    task = settings(checker, trial, "momentum", epochs=1) | {"steps": 8}
    expected = run_task(pool, (checker.reference, TRUTH), "training", "fit", **task)
    actual = run_task(pool, any_run, "training", "fit", **task, parity_mode=False)
    names = (any_run[0], checker.reference, f"readers' {trial}")
    found = measure(names, actual[1], expected[1], any_run[1])
    judge(found, evidence, any_run[1])


@pytest.mark.parametrize("trial", ["linear_regression", "softmax_regression"])
def test_board(any_run, pool, checker, trial):
    """The points of all curves, their places and the trainer's counters."""
    framework, precision = any_run
    task = {
        "arrays": checker.weights(trials.find(trial)),
        "trial": trial,
        "epochs": 3,
        # No multiple of the points that are drawn in an epoch.
        "steps": 7,
    }
    truth = (checker.reference, TRUTH)
    counters, expected = run_task(pool, truth, "training", "board", **task)
    own_counters, actual = run_task(pool, any_run, "training", "board", **task)
    assert own_counters == counters
    names = (framework, checker.reference, "board")
    limit = tolerance("curve", precision)
    require(measure_all(names, *same_precision(actual, expected), limit))


def test_trained_again(any_run, pool, checker):
    """A second fit of one trainer goes on where the first ended."""
    framework, precision = any_run
    trial = trials.find("softmax_regression")
    task = {"arrays": checker.weights(trial), "trial": trial.name, "steps": 4}
    truth = (checker.reference, TRUTH)
    _, expected = run_task(pool, truth, "training", "train_again", **task)
    _, actual = run_task(pool, any_run, "training", "train_again", **task)
    assert len(actual["train_loss"]) == 8
    names = (framework, checker.reference, "trained again")
    limit = tolerance("curve", precision)
    require(measure_all(names, *same_precision(actual, expected), limit))


def test_checkpoint_holds_canonical_weights(framework, pool, checker, tmp_path):
    """A file of any framework opens as PyTorch's own would."""
    from d2l.common.training.checkpoints import load_arrays

    path = tmp_path / "checkpoint.safetensors"
    task = settings(checker, "lenet", "adam", epochs=1)
    task |= {"checkpoint": str(path), "steps": 2}
    _, found = run_task(pool, (framework, TRUTH), "training", "fit", **task)
    arrays, counters = load_arrays(path)
    assert counters["framework"] == framework
    saved = select(arrays, "model")
    assert saved.keys() == select(found, "parameter").keys()
    names = (framework, "the trained model", "checkpoint")
    expected = {k: rounded_to(TRUTH, v) for k, v in select(found, "parameter").items()}
    require(measure_all(names, saved, expected, tolerance("exact", "any")))


@pytest.mark.parametrize(
    ("keep_best", "lr", "stops_after"),
    # At a rate that overshoots the first epoch is the best, and two more are too many.
    [("val_loss", 0.1, 6), ("val_loss", 1.2, 3)],
)
def test_the_best_epoch(framework, pool, checker, keep_best, lr, stops_after):
    """It is the same one, and training stops where it does in the reference."""
    trial = trials.find("linear_regression")
    settings = {"epochs": 6, "keep_best": keep_best, "patience": 2, "lr": lr}
    task = {"arrays": checker.weights(trial), "trial": trial.name, **settings}
    (told, actual), (_, expected) = (
        run_task(pool, (f, TRUTH), "training", "best_epoch", **task)
        for f in (framework, checker.reference)
    )
    assert told["epochs"] == stops_after
    names = (framework, checker.reference, "best epoch")
    require(measure_all(names, actual, expected, tolerance("curve", TRUTH, steps=20)))
