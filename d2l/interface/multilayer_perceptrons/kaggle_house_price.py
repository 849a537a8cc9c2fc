"""Declarations: kaggle house price."""


class KaggleHouse:
    """House prices."""

    def __init__(self, batch_size, train=None, val=None):
        """train, val: tables that are already preprocessed."""

    def preprocess(self):
        """Standardise numbers and encode categories."""

    def get_dataloader(self, train):
        """Batches (X, y), y the logarithm of the price."""


def k_fold_data(data, k):
    """A data module for each fold."""


def k_fold(trainer, data, k, lr):
    """A linear model for each fold."""
