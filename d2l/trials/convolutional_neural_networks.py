"""Trials of the chapter on convolutional neural networks."""

from d2l.trials.choices import OptimizerChoice
from d2l.trials.data import images
from d2l.trials.model_trial import ModelTrial

TRIALS = [
    ModelTrial(
        "lenet",
        "LeNet",
        "convolutional_neural_networks/lenet",
        "LeNet",
        {"lr": 0.1},
        # The others have images enough for plain SGD, at the rate of the book's
        # first edition: at 0.1 the sigmoids take half of the epochs to get going.
        data=images(
            batch_size=64,
            size=28,
            large_batch_size=256,
            arguments={"lr": 0.9},
            optimizer=None,
        ),
        epochs=10,
        optimizer=OptimizerChoice("adam", {"lr": 0.003}),
        metric="acc",
    ),
]
