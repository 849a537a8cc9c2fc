"""Loaders and data modules made of others: cut, restructured, or empty.

None of them knows a framework: they hand on what the loaders within them give.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from d2l.common import trees

#: Validation batches that a check of N steps looks at; the whole of them is
#: for real training.
VALIDATION_BATCHES = 2


class Steps:
    """A loader of exactly `steps` batches, however long one pass over the data is."""

    def __init__(self, loader: Any, steps: int):
        self.loader, self.steps = loader, steps

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[Any]:
        left = self.steps
        while left > 0:
            for batch in itertools.islice(self.loader, left):
                left -= 1
                yield batch


class LimitedData:
    """A data module cut to a number of training steps and a few validation batches."""

    def __init__(self, data: Any, steps: int):
        self.data, self.steps = data, steps

    def train_dataloader(self) -> Steps:
        """The first `steps` batches."""
        return Steps(self.data.train_dataloader(), self.steps)

    def val_dataloader(self) -> Steps | None:
        """A few batches, if there are any."""
        loader = self.data.val_dataloader()
        if loader is None:
            return None
        return Steps(loader, min(len(loader), VALIDATION_BATCHES))


class Restructured:
    """A loader whose batches are trees, not tuples.

    rest: the tree with holes for the arrays of a batch, as `trees.take_arrays` has it.
    """

    def __init__(self, loader: Any, rest: Any):
        self.loader, self.rest = loader, rest

    @property
    def order(self) -> Any:
        """The order of the batches."""
        return self.loader.order

    def __len__(self) -> int:
        return len(self.loader)

    def __iter__(self) -> Iterator[Any]:
        for batch in self.loader:
            yield trees.put_arrays(self.rest, batch)


class Examples:
    """A data module of a tree of equally long tensors, and perhaps plain values.

    module: a framework's plain data module, which makes the loaders.
    examples: the tree, whose form the batches have.
    num_val: how many of the last examples are for validation.
    """

    seed = 0

    def __init__(self, module: Any, examples: Any, num_val: int):
        self.module, self.examples = module, examples
        self.tensors, self.rest = trees.take_arrays(examples)
        self.num_train, self.num_val = len(self.tensors[0]) - num_val, num_val

    def train_dataloader(self) -> Restructured:
        """The loader of the training batches, reshuffled at every pass."""
        return self._loader(True, slice(0, self.num_train))

    def val_dataloader(self) -> Restructured | None:
        """The loader of the validation batches, in order, if there are any."""
        return (
            self._loader(False, slice(self.num_train, None)) if self.num_val else None
        )

    def _loader(self, train: bool, indices: slice) -> Restructured:
        self.module.seed = self.seed
        loader = self.module.get_tensorloader(self.tensors, train, indices)
        return Restructured(loader, self.rest)


class EmptyBatches:
    """A data module without data: an epoch is a number of empty batches."""

    seed = 0

    def __init__(self, num_batches: int):
        self.num_batches = num_batches

    def train_dataloader(self) -> list[tuple[()]]:
        """Empty tuples, as many as there are batches."""
        return [()] * self.num_batches

    def val_dataloader(self) -> None:
        """None: there is nothing to validate on."""
        return None
