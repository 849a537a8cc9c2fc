"""House prices: tabular data and k-fold cross-validation."""

from d2l.common.data.downloads import download, extract
from d2l.common.data.kaggle_house import KaggleHouseBase, fit_folds, k_fold_data

from ..linear_regression.linear_regression_concise import LinearRegression
from ..linear_regression.oo_design import DataModule

__all__ = ["KaggleHouse", "download", "extract", "k_fold", "k_fold_data"]


class KaggleHouse(KaggleHouseBase, DataModule):
    """Batches (X, y): the features of houses and the logarithm of their prices."""


def k_fold(trainer, data, k, lr):
    """Train a linear model on each of `k` folds; returns the models."""
    return fit_folds(trainer, k_fold_data(data, k), lambda: LinearRegression(lr))
