"""Trials of the chapter on linear regression."""

from d2l.trials.choices import DataChoice
from d2l.trials.data import OVERFITTING
from d2l.trials.model_trial import ModelTrial, ScratchTwin

#: The weights and the bias that the book's first data set is made with.
SYNTHETIC = {
    "synthetic": DataChoice(
        "SyntheticRegressionData", {"w": [2.0, -3.4], "b": 4.2, "batch_size": 32}
    )
}

TRIALS = [
    ModelTrial(
        "linear_regression_scratch",
        "Linear regression from scratch",
        "linear_regression/linear_regression_scratch",
        "LinearRegressionScratch",
        {"lr": 0.03},
        data=SYNTHETIC,
        epochs=3,
    ),
    ModelTrial(
        "linear_regression",
        "Linear regression",
        "linear_regression/linear_regression_concise",
        "LinearRegression",
        {"lr": 0.03},
        data=SYNTHETIC,
        epochs=3,
        scratch=ScratchTwin(
            "linear_regression_scratch",
            {"w": ("net.weight", True), "b": ("net.bias", False)},
            # Half the loss, so twice the step.
            arguments={"lr": 0.06},
            loss_factor=0.5,
        ),
    ),
    ModelTrial(
        "weight_decay_scratch",
        "Weight decay from scratch",
        "linear_regression/weight_decay",
        "WeightDecayScratch",
        {"lambd": 3.0, "lr": 0.01},
        data=OVERFITTING,
    ),
    ModelTrial(
        "weight_decay",
        "Weight decay",
        "linear_regression/weight_decay",
        "WeightDecay",
        {"wd": 3.0, "lr": 0.01},
        data=OVERFITTING,
        scratch=ScratchTwin(
            "weight_decay_scratch",
            {"w": ("net.weight", True), "b": ("net.bias", False)},
            # Half the squared error, so half the penalty and twice the step.
            arguments={"lambd": 1.5, "lr": 0.02},
            # The scratch version's loss holds the penalty, this one's does not.
            loss_factor=None,
        ),
    ),
]
