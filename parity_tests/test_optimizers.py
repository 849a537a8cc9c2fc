"""Each framework's optimizers against their formulas in NumPy.

A linear model is trained, so that the gradients are known by hand as well. The
settings are far from the defaults, where the place of each of them shows.
"""

import pytest

from d2l import trials
from d2l.parity.checks import TRUTH, require
from d2l.parity.oracles.checks import check_oracle_curve
from d2l.trials import OptimizerChoice
from parity_tests.known_differences import expect

CASES = {
    "sgd": OptimizerChoice("sgd", {"lr": 0.03}),
    "sgd with weight decay": OptimizerChoice("sgd", {"lr": 0.03, "weight_decay": 0.5}),
    "sgd with momentum": OptimizerChoice("sgd", {"lr": 0.03, "momentum": 0.7}),
    # Decay that is not part of the gradient would not pass through the momentum.
    "sgd with both": OptimizerChoice(
        "sgd", {"lr": 0.03, "momentum": 0.7, "weight_decay": 0.5}
    ),
    "adam": OptimizerChoice("adam", {"lr": 0.03}),
    # So large an eps tells whether it is added to the corrected root.
    "adam with eps": OptimizerChoice(
        "adam", {"lr": 0.03, "betas": [0.8, 0.95], "eps": 0.01}
    ),
}

#: In float32 a run ends before its gradients have vanished: a hundred steps later
#: the momentum is 1e-4 of what it was, and the labels' rounding 4e-3 of that.
SINGLE_STEPS = 20


@pytest.mark.parametrize("clip", [0.0, 0.5], ids=["", "clipped"])
@pytest.mark.parametrize("case", CASES)
def test_optimizer(any_run, oracle_checker, evidence, case, clip):
    """Losses, parameters and the optimizer's state after every step."""
    framework, precision = any_run
    trial = trials.find("linear_regression")
    steps = oracle_checker.steps if precision == TRUTH else SINGLE_STEPS
    found = check_oracle_curve(
        oracle_checker, framework, precision, trial, CASES[case], clip, steps
    )
    evidence.add("linear_regression/oo_design", case, precision, found)
    require(expect(found, case, precision))
