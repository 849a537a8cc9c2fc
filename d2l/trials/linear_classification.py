"""Trials of the chapter on linear classification."""

from d2l.trials.data import images
from d2l.trials.trial import ScratchTwin, Trial

TRIALS = [
    Trial(
        "softmax_regression_scratch",
        "Softmax regression from scratch",
        "linear_classification/softmax_regression_scratch",
        "SoftmaxRegressionScratch",
        {"num_outputs": 10, "lr": 0.1},
        images(batch_size=64, size=8),
        metric="acc",
    ),
    Trial(
        "softmax_regression",
        "Softmax regression",
        "linear_classification/softmax_regression_concise",
        "SoftmaxRegression",
        {"num_outputs": 10, "lr": 0.1},
        images(batch_size=64, size=8),
        metric="acc",
        scratch=ScratchTwin(
            "softmax_regression_scratch",
            {"W": ("net.1.weight", True), "b": ("net.1.bias", False)},
            probabilities=True,
        ),
    ),
]
