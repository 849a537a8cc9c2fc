"""Trials of the chapter on linear classification."""

from d2l.trials.data import images
from d2l.trials.model_trial import ModelTrial, ScratchTwin

TRIALS = [
    ModelTrial(
        "softmax_regression_scratch",
        "Softmax regression from scratch",
        "linear_classification/softmax_regression_scratch",
        "SoftmaxRegressionScratch",
        {"num_outputs": 10, "lr": 0.1},
        data=images(batch_size=64, size=8),
        metric="acc",
    ),
    ModelTrial(
        "softmax_regression",
        "Softmax regression",
        "linear_classification/softmax_regression_concise",
        "SoftmaxRegression",
        {"num_outputs": 10, "lr": 0.1},
        data=images(batch_size=64, size=8),
        metric="acc",
        scratch=ScratchTwin(
            "softmax_regression_scratch",
            {"W": ("net.1.weight", True), "b": ("net.1.bias", False)},
            probabilities=True,
        ),
    ),
]
