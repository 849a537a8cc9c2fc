"""What a data module shares in every framework."""

from __future__ import annotations

from typing import Any

from d2l.common.training.hyperparameters import HyperParameters


class DataModuleBase(HyperParameters):
    """The framework-free half of `DataModule`: a subclass says where data is from.

    root: the folder of the data; the default stands for `$D2L_DATA` or, when that is
        not set, the user's cache folder.
    num_workers: kept for code that reads it; batches are cut from arrays in memory,
        where worker processes would only cost time.
    seed: decides the order of the examples, the same in every framework.
    """

    seed = 0

    def __init__(self, root: str = "../data", num_workers: int = 4):
        self.save_hyperparameters()

    def get_dataloader(self, train: bool) -> Any:
        """The loader of the training or of the validation batches."""
        raise NotImplementedError(f"{type(self).__name__} defines no get_dataloader")

    def train_dataloader(self) -> Any:
        """The loader of the training batches, reshuffled at every pass."""
        return self.get_dataloader(train=True)

    def val_dataloader(self) -> Any:
        """The loader of the validation batches, in order."""
        return self.get_dataloader(train=False)
