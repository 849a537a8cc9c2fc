"""Loaders of NumPy batches on top of the batch order that all frameworks share."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from d2l.common.data.batches import BatchOrder


def as_array(array):
    """A NumPy array; floats in the default precision, integers of 32 bits.

    Batches are cut from arrays in memory, which NumPy does much faster than JAX.
    """
    array = np.asarray(array)
    if np.issubdtype(array.dtype, np.floating):
        return array.astype(jnp.result_type(float), copy=False)
    if np.issubdtype(array.dtype, np.integer):
        return array.astype(np.int32, copy=False)
    return array


class DataLoader:
    """Batches that `fetch` cuts out by their indices, in the shared order."""

    def __init__(self, fetch, order):
        self.fetch = fetch
        self.order = order

    def __len__(self):
        """The number of batches in an epoch."""
        return len(self.order)

    def __iter__(self):
        """The batches of the next epoch, tuples of NumPy arrays."""
        return map(self.fetch, self.order)


class ArrayDataLoader(DataLoader):
    """Batches of equally long arrays.

    seed: decides the shuffled orders, one for each epoch.
    """

    def __init__(self, *args, batch_size=32, shuffle=False, drop_last=False, seed=0):
        self.arrays = tuple(as_array(a) for a in args)
        order = BatchOrder(len(self.arrays[0]), batch_size, shuffle, seed, drop_last)
        super().__init__(self._cut, order)

    def _cut(self, indices):
        return tuple(array[indices] for array in self.arrays)


class ImageDataLoader(DataLoader):
    """Batches of images of one channel, (batch, height, width, 1), and labels.

    images: a `d2l.common.data.images.ImageArrays`.
    """

    def __init__(self, images, batch_size, shuffle=False, seed=0):
        self.images = images
        order = BatchOrder(len(images), batch_size, shuffle, seed)
        super().__init__(self._cut, order)

    def _cut(self, indices):
        X, y = self.images.fetch(indices)
        return X[..., np.newaxis], y.astype(np.int32)
