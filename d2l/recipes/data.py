"""The data sets that several recipes share."""

from d2l.recipes.recipe import DataChoice


def images(batch_size: int, size: int) -> dict[str, DataChoice]:
    """Handwritten digits offline; MNIST and Fashion-MNIST from their files.

    size: the side of the digits' images, which are 8 x 8 originally.
    """
    small = {"batch_size": batch_size, "resize": (size, size)}
    large = {"batch_size": batch_size, "resize": (28, 28)}
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
