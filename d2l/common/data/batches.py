"""Which examples form which batch, decided once for all frameworks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from d2l.common.errors import InputError

_LARGEST_KEY = 2**64 - 1


class BatchSource(Protocol):
    """Anything that batches can be cut from: images, arrays, sequences."""

    def fetch(self, indices: np.ndarray) -> tuple[np.ndarray, ...]:
        """The examples at `indices`, an integer array of shape (batch,)."""
        ...


class BatchOrder:
    """The order of the examples, as batches of indices, for every epoch.

    The order of an epoch depends on the seed and the epoch's number alone: not
    on the framework, nor on what was drawn before. So frameworks see the same
    batches, and training can go on at any epoch as if it had never stopped.

    num_examples: how many examples there are.
    batch_size: how many of them form a batch.
    shuffle: whether each epoch has an order of its own; else it is 0, 1, 2, ...
    seed: decides the shuffled orders; a whole number from 0 to 2**64 - 1.
    drop_last: whether a last batch that is not full is left out.
    epoch: the number of the next epoch, from 0; settable for resuming.

    raises InputError where an argument makes no sense.
    """

    def __init__(
        self,
        num_examples: int,
        batch_size: int,
        shuffle: bool,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        self.num_examples = _whole_number("num_examples", num_examples, at_least=0)
        self.batch_size = _whole_number("batch_size", batch_size, at_least=1)
        self.shuffle = bool(shuffle)
        self.seed = _whole_number("seed", seed, at_least=0)
        self.drop_last = bool(drop_last)
        self.epoch = 0

    @property
    def epoch(self) -> int:
        return self._epoch

    @epoch.setter
    def epoch(self, number: int) -> None:
        self._epoch = _whole_number("epoch", number, at_least=0)

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        full_batches, left_over = divmod(self.num_examples, self.batch_size)
        return full_batches + (left_over > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[np.ndarray]:
        """The batches of the epoch `self.epoch`, which this call counts up."""
        epoch = self.epoch
        self.epoch = epoch + 1
        return self.batches(epoch)

    def batches(self, epoch: int) -> Iterator[np.ndarray]:
        """The batches of one epoch, as int64 arrays of shape (batch,)."""
        order = self._order(_whole_number("epoch", epoch, at_least=0))
        starts = range(0, len(self) * self.batch_size, self.batch_size)
        return (order[start : start + self.batch_size] for start in starts)

    def _order(self, epoch: int) -> np.ndarray:
        if not self.shuffle:
            return np.arange(self.num_examples, dtype=np.int64)
        key = np.array([self.seed, epoch], dtype=np.uint64)
        generator = np.random.Generator(np.random.Philox(key=key))
        return generator.permutation(self.num_examples).astype(np.int64, copy=False)


class ArrayBatches:
    """Batches cut from arrays of equal length: a loader made of NumPy alone.

    arrays: one or more arrays with the examples along their first axis.
    order: the order of the batches, for as many examples as the arrays have.

    raises InputError where the lengths differ.
    """

    def __init__(self, arrays: Sequence[Any], order: BatchOrder) -> None:
        self.arrays = tuple(np.asarray(array) for array in arrays)
        self.order = order
        if not self.arrays or any(array.ndim == 0 for array in self.arrays):
            raise InputError("Batches need one or more arrays of examples.")
        lengths = [len(array) for array in self.arrays]
        if set(lengths) != {order.num_examples}:
            raise InputError(
                f"The arrays hold {lengths} examples, "
                f"but the batch order is made for {order.num_examples}."
            )

    def fetch(self, indices: np.ndarray) -> tuple[np.ndarray, ...]:
        """The examples at `indices`, shape (batch,), of every array."""
        return tuple(array[indices] for array in self.arrays)

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        return len(self.order)

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        """The batches of the order's next epoch, one tuple of arrays for each."""
        return map(self.fetch, self.order)


def _whole_number(name: str, value: Any, at_least: int) -> int:
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or not at_least <= value <= _LARGEST_KEY:
        raise InputError(
            f"{name} must be a whole number of at least {at_least}, not {value!r}."
        )
    return int(value)
