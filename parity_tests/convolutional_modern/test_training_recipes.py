"""Smoothed labels, mixtures, learning rates, averaged weights, stochastic depth."""

import numpy as np

from d2l.trials.observed import select
from parity_tests.against_numpy import require_as_in_numpy
from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.function_parity import FunctionParity
from parity_tests.workers import run_task


class TestSmoothedCrossEntropy(FunctionParity):
    name = "smoothed_ce"
    settings = {"eps": 0.2}
    wrt = ("Y_hat",)

    def inputs(self, random):
        return {
            "Y_hat": 3 * random.standard_normal((5, 4)),
            "y": random.integers(0, 4, 5),
        }

    def oracle(self, Y_hat, y, eps):
        log_p = Y_hat - np.log(np.exp(Y_hat).sum(1, keepdims=True))
        targets = (1 - eps) * np.eye(4)[y] + eps / 4
        return -(targets * log_p).sum(1).mean()


class TestCrossEntropyWithoutSmoothing(TestSmoothedCrossEntropy):
    settings = {"eps": 0.0}


def mixed_inputs(session):
    """The inputs that `mixup` mixes."""
    return lambda X, y, permutation, lam: session.namespace.mixup(
        X, y, lam=lam, permutation=permutation
    )[0]


def mixed_labels(session):
    """The labels of the other examples."""
    return lambda X, y, permutation, lam: session.namespace.mixup(
        X, y, lam=lam, permutation=permutation
    )[2]


class TestMixedInputs(FunctionParity):
    name = "mixup: inputs"
    builder = mixed_inputs
    settings = {"lam": 0.3}
    wrt = ("X",)

    def inputs(self, random):
        return {
            "X": random.standard_normal((5, 2, 3)),
            "y": random.integers(0, 10, 5),
            "permutation": random.permutation(5),
        }

    def oracle(self, X, y, permutation, lam):
        return lam * X + (1 - lam) * X[permutation]


class TestMixedLabels(TestMixedInputs):
    name = "mixup: labels"
    builder = mixed_labels
    wrt = ()

    def oracle(self, X, y, permutation, lam):
        return y[permutation]


class TestCosine(FunctionParity):
    name = "cosine_warmup"
    settings = {
        "step": 30,
        "num_steps": 100,
        "base_lr": 0.5,
        "warmup_steps": 20,
        "final_lr": 0.1,
    }
    returns_number = True

    def inputs(self, random):
        return {}

    def oracle(self, step, num_steps, base_lr, warmup_steps, final_lr):
        # An eighth of half a wave.
        return 0.1 + 0.4 * (1 + np.sqrt((1 + np.sqrt(0.5)) / 2)) / 2


class TestWarmup(TestCosine):
    settings = {"step": 4, "num_steps": 100, "base_lr": 0.5, "warmup_steps": 20}

    def oracle(self, step, num_steps, base_lr, warmup_steps):
        return 0.125  # five twentieths of a half


class TestEnd(TestCosine):
    settings = {"step": 150, "num_steps": 100, "base_lr": 0.5, "final_lr": 0.1}

    def oracle(self, step, num_steps, base_lr, final_lr):
        return 0.1


class TestStepDecay(TestCosine):
    name = "step_decay"
    settings = {"step": 60, "milestones": [30, 60, 90], "base_lr": 0.5}

    def oracle(self, step, milestones, base_lr):
        return 0.005  # the second milestone has just been reached


class TestStochasticResidual(BlockParity):
    name = "StochasticResidual"
    axes = IMAGE_TO_IMAGE
    arguments = {"num_channels": 3, "drop_prob": 0.5}
    zero_gradients = ("conv[12].bias",)

    def inputs(self, random):
        return [random.standard_normal((4, 3, 6, 7))]


class TestStridedStochasticResidual(TestStochasticResidual):
    arguments = {
        "num_channels": 4,
        "drop_prob": 0.5,
        "use_1x1conv": True,
        "strides": 2,
    }


def test_moving_average(any_run, pool):
    """Of weights and running statistics; exchanged twice, all is as before."""
    decay, steps = 0.75, 3
    arrays = {"inputs": np.zeros((2, 3, 5, 5))}
    task = {"decay": decay, "steps": steps}
    _, found = run_task(pool, any_run, "averages", "moving_average", arrays, **task)
    average = select(found, "given0")
    for i in range(1, steps + 1):
        for name, array in select(found, f"given{i}").items():
            average[name] = decay * average[name] + (1 - decay) * array
    expected = {"average": average, "last": select(found, f"given{steps}")}
    for part, arrays in expected.items():
        require_as_in_numpy(any_run, f"moving {part}", select(found, part), arrays)
