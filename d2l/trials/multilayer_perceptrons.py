"""Trials of the chapter on multilayer perceptrons."""

from d2l.trials.data import HOUSES, images
from d2l.trials.model_trial import ModelTrial, ScratchTwin

DROPOUT = {
    "num_outputs": 10,
    "num_hiddens_1": 128,
    "num_hiddens_2": 64,
    "dropout_1": 0.5,
    "dropout_2": 0.25,
    "lr": 0.1,
}

TRIALS = [
    ModelTrial(
        "mlp_scratch",
        "Multilayer perceptron from scratch",
        "multilayer_perceptrons/mlp_implementation",
        "MLPScratch",
        {"num_outputs": 10, "num_hiddens": 256, "lr": 0.1},
        data=images(batch_size=64, size=8),
        metric="acc",
        smooth=False,
    ),
    ModelTrial(
        "mlp",
        "Multilayer perceptron",
        "multilayer_perceptrons/mlp_implementation",
        "MLP",
        {"num_outputs": 10, "num_hiddens": 256, "lr": 0.1},
        data=images(batch_size=64, size=8),
        metric="acc",
        smooth=False,
        scratch=ScratchTwin(
            "mlp_scratch",
            {
                "W1": ("net.1.weight", True),
                "b1": ("net.1.bias", False),
                "W2": ("net.3.weight", True),
                "b2": ("net.3.bias", False),
            },
        ),
    ),
    ModelTrial(
        "dropout_mlp_scratch",
        "Multilayer perceptron with dropout, from scratch",
        "multilayer_perceptrons/dropout",
        "DropoutMLPScratch",
        DROPOUT,
        data=images(batch_size=64, size=8),
        metric="acc",
        smooth=False,
    ),
    ModelTrial(
        "dropout_mlp",
        "Multilayer perceptron with dropout",
        "multilayer_perceptrons/dropout",
        "DropoutMLP",
        DROPOUT,
        data=images(batch_size=64, size=8),
        metric="acc",
        smooth=False,
        scratch=ScratchTwin(
            "dropout_mlp_scratch",
            {
                f"lin{layer}.{part}": (f"net.{index}.{part}", False)
                for layer, index in ((1, 1), (2, 4), (3, 7))
                for part in ("weight", "bias")
            },
        ),
    ),
    ModelTrial(
        "kaggle_house",
        "House prices by linear regression",
        "multilayer_perceptrons/kaggle_house_price",
        "LinearRegression",
        {"lr": 0.05},
        data=HOUSES,
        epochs=10,
    ),
]
