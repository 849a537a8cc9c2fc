"""House prices as a data module, and k-fold cross-validation on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from d2l.common.data import house_prices
from d2l.common.data.data_module import DataModuleBase


class KaggleHouseBase(DataModuleBase):
    """Batches (X, y): the features of houses and the logarithm of their prices.

    X: (batch, features).
    y: (batch, 1).

    batch_size: how many houses are in a batch.
    train, val: tables that are already preprocessed; without them the raw tables are
        read, and `preprocess` is to be called.
    source: "kaggle" for the competition's files, "small" for a small invented table
        that needs no download.
    """

    train: Any
    val: Any

    def __init__(
        self,
        batch_size: int,
        train: pd.DataFrame | None = None,
        val: pd.DataFrame | None = None,
        *,
        source: str = "kaggle",
    ):
        super().__init__()
        self.save_hyperparameters()
        if self.train is None:
            tables = house_prices.read_house_prices(source, self.root)
            self.raw_train, self.raw_val = tables

    def preprocess(self) -> None:
        """Standardise numbers, encode categories: fills `train` and `val`."""
        self.train, self.val = house_prices.preprocess(self.raw_train, self.raw_val)

    def get_dataloader(self, train: bool) -> Any:
        """Batches of the table with prices, or None where prices are unknown."""
        table = self.train if train else self.val
        if "SalePrice" not in table:
            return None
        return self.get_tensorloader(house_prices.to_arrays(table), train)


def k_fold_data(data: KaggleHouseBase, k: int) -> list[Any]:
    """Make a data module for each of `k` folds: that one validates, the others train.

    data: a preprocessed data module; the folds are of its kind.
    """
    return [
        type(data)(data.batch_size, train, val)
        for train, val in house_prices.k_fold_frames(data.train, k)
    ]


def fit_folds(
    trainer: Any, folds: list[Any], make_model: Callable[[], Any]
) -> list[Any]:
    """Train a model on each fold, show the first one's curve, print the mean loss.

    trainer: fits every model anew.
    folds: data modules, as of `k_fold_data`.
    make_model: returns an untrained model, whose validation loss is a mean square of
        logarithms.

    returns: the trained models.
    """
    val_loss, models = [], []
    for i, fold in enumerate(folds):
        model = make_model()
        model.board.yscale = "log"
        if i != 0:
            model.board.display = False
        trainer.fit(model, fold)
        val_loss.append(float(model.board.data["val_loss"][-1].y))
        models.append(model)
    print(f"average validation log mse = {sum(val_loss) / len(val_loss):.5f}")
    return models
