"""The data sets that several trials share."""

from typing import Any

from d2l.common.axes import IMAGES
from d2l.trials.choices import DataChoice, FoldedChoice


def images(
    batch_size: int,
    size: int,
    large_size: int = 28,
    large_batch_size: int = 128,
    **changes: Any,
) -> dict[str, DataChoice]:
    """Handwritten digits offline; MNIST and Fashion-MNIST from their files.

    size: the side of the digits' images, which are 8 x 8 originally.
    large_size: that of the others', which are 28 x 28.
    changes: what the trial has otherwise on the others.
    """
    small = {"batch_size": batch_size, "resize": (size, size)}
    large = {"batch_size": large_batch_size, "resize": (large_size, large_size)}
    axes = {"0": IMAGES}
    return {
        "digits": DataChoice("Digits", small, axes=axes),
        "fashion_mnist": DataChoice(
            "FashionMNIST", large, "fashion_mnist", axes=axes, changes=changes
        ),
        "mnist": DataChoice("MNIST", large, "mnist", axes=axes, changes=changes),
    }


HOUSES = {
    "house_prices_small": FoldedChoice(
        "KaggleHouse", {"batch_size": 32, "source": "small"}, folds=5
    ),
    "kaggle_house": FoldedChoice(
        "KaggleHouse", {"batch_size": 64, "source": "kaggle"}, "kaggle_house", folds=5
    ),
}

OVERFITTING = {
    "few_examples": DataChoice(
        "Data", {"num_train": 20, "num_val": 100, "num_inputs": 200, "batch_size": 5}
    )
}


def texts(**changes: Any) -> dict[str, DataChoice]:
    """A short story offline, and two books.

    changes: what a trial has otherwise on the books.
    """
    small = {"num_steps": 16, "num_train": 2048, "num_val": 512, "source": "small"}
    large = {"batch_size": 1024, "num_steps": 32}
    books = {
        name: DataChoice("TimeMachine", large | {"source": name}, name, changes=changes)
        for name in ("time_machine", "tiny_shakespeare")
    }
    return {
        "story_small": DataChoice("TimeMachine", {"batch_size": 32, **small})
    } | books


def sentences(**changes: Any) -> dict[str, DataChoice]:
    """Pairs in French and English, or Chinese and English; few of them offline.

    changes: what a trial has otherwise on the others.
    """
    french = {"num_train": 256, "num_val": 32, "source": "small"}
    chinese = {"num_train": 128, "num_val": 16, "source": "cmn_small"}
    offline = {
        "fra_eng_small": DataChoice("MTFraEng", {"batch_size": 32, **french}),
        "cmn_eng_small": DataChoice("MTFraEng", {"batch_size": 32, **chinese}),
    }
    return offline | {
        name: DataChoice(
            "MTFraEng", {"batch_size": 128, "source": name}, name, changes=changes
        )
        for name in ("fra_eng", "cmn_eng")
    }
