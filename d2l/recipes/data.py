"""The data sets that several recipes share."""

from d2l.recipes.recipe import DataChoice


def images(batch_size: int, size: int, large_size: int = 28) -> dict[str, DataChoice]:
    """Handwritten digits offline; MNIST and Fashion-MNIST from their files.

    size: the side of the digits' images, which are 8 x 8 originally;
    large_size: that of the others', which are 28 x 28.
    """
    small = {"batch_size": batch_size, "resize": (size, size)}
    large = {"batch_size": batch_size, "resize": (large_size, large_size)}
    return {
        "digits": DataChoice("Digits", small),
        "fashion_mnist": DataChoice("FashionMNIST", large, "fashion_mnist"),
        "mnist": DataChoice("MNIST", large, "mnist"),
    }


HOUSES = {
    "house_prices_small": DataChoice(
        "KaggleHouse", {"batch_size": 32, "source": "small"}, folds=5
    ),
    "kaggle_house": DataChoice(
        "KaggleHouse", {"batch_size": 64, "source": "kaggle"}, "kaggle_house", folds=5
    ),
}

OVERFITTING = {
    "few_examples": DataChoice(
        "Data", {"num_train": 20, "num_val": 100, "num_inputs": 200, "batch_size": 5}
    )
}

TEXTS = {
    "story_small": DataChoice(
        "TimeMachine",
        {
            "batch_size": 32,
            "num_steps": 16,
            "num_train": 2048,
            "num_val": 512,
            "source": "small",
        },
    ),
    "time_machine": DataChoice(
        "TimeMachine", {"batch_size": 1024, "num_steps": 32}, "time_machine"
    ),
    "tiny_shakespeare": DataChoice(
        "TimeMachine",
        {"batch_size": 1024, "num_steps": 32, "source": "tiny_shakespeare"},
        "tiny_shakespeare",
    ),
}

SENTENCES = {
    "fra_eng_small": DataChoice(
        "MTFraEng",
        {"batch_size": 32, "num_train": 256, "num_val": 32, "source": "small"},
    ),
    "cmn_eng_small": DataChoice(
        "MTFraEng",
        {"batch_size": 32, "num_train": 128, "num_val": 16, "source": "cmn_small"},
    ),
    "fra_eng": DataChoice("MTFraEng", {"batch_size": 128}, "fra_eng"),
    "cmn_eng": DataChoice(
        "MTFraEng", {"batch_size": 128, "source": "cmn_eng"}, "cmn_eng"
    ),
}
