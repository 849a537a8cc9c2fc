"""House prices: tabular data and k-fold cross-validation."""

from d2l.common.data import house_prices
from d2l.common.data.downloads import download, extract

from ..linear_regression.linear_regression_concise import LinearRegression
from ..linear_regression.oo_design import DataModule

__all__ = ["KaggleHouse", "download", "extract", "k_fold", "k_fold_data"]


class KaggleHouse(DataModule):
    """Batches (X, y): the features of houses and the logarithm of their prices.

    X: (batch, features); y: (batch, 1). `train` and `val` are tables that are
    already preprocessed; without them the raw tables are read, and `preprocess`
    is to be called. source: "kaggle" for the competition's files, "small" for a
    small invented table that needs no download.
    """

    def __init__(self, batch_size, train=None, val=None, *, source="kaggle"):
        super().__init__()
        self.save_hyperparameters()
        if self.train is None:
            tables = house_prices.read_house_prices(source, self.root)
            self.raw_train, self.raw_val = tables

    def preprocess(self):
        """Standardise numbers, encode categories: fills `train` and `val`."""
        self.train, self.val = house_prices.preprocess(self.raw_train, self.raw_val)

    def get_dataloader(self, train):
        """Batches of the table with prices, or None where prices are unknown."""
        table = self.train if train else self.val
        if "SalePrice" not in table:
            return None
        return self.get_tensorloader(house_prices.to_arrays(table), train)


def k_fold_data(data, k):
    """A data module for each of `k` folds: that fold validates, the others train."""
    return [
        KaggleHouse(data.batch_size, train, val)
        for train, val in house_prices.k_fold_frames(data.train, k)
    ]


def k_fold(trainer, data, k, lr):
    """Train a linear model on each of `k` folds; returns the models."""
    val_loss, models = [], []
    for i, fold in enumerate(k_fold_data(data, k)):
        model = LinearRegression(lr)
        model.board.yscale = "log"
        if i != 0:
            model.board.display = False
        trainer.fit(model, fold)
        val_loss.append(float(model.board.data["val_loss"][-1].y))
        models.append(model)
    print(f"average validation log mse = {sum(val_loss) / len(val_loss):.5f}")
    return models
