"""MXNet's DataLoader on top of the batch order that all frameworks share."""

from __future__ import annotations

import numpy as onp
from mxnet import np
from mxnet.gluon.data import DataLoader, Dataset

from d2l.common.arrays import to_numpy
from d2l.common.data.batches import BatchOrder

from .precision import default_dtype


def _in_own_types(array):
    """NumPy floats in the default precision, integers as int32."""
    array = to_numpy(array)
    is_float = onp.issubdtype(array.dtype, onp.floating)
    # The labels of MXNet's own image data sets are int32.
    return array.astype(default_dtype() if is_float else "int32", copy=False)


def as_tensor(array):
    """A NumPy array as a tensor; floats in the default precision, integers int32."""
    if isinstance(array, np.ndarray):
        return array
    array = _in_own_types(array)
    # What np.array does, without a third of its time: this runs for every batch.
    tensor = np.empty(array.shape, dtype=array.dtype)
    tensor._sync_copyfrom(array)
    return tensor


class TensorBatches(Dataset):
    """Equally long tensors; a batch is cut out of them in one go.

    They are kept in NumPy, whose indexing is ten times as fast.
    """

    def __init__(self, tensors):
        self.arrays = tuple(_in_own_types(t) for t in tensors)

    def __len__(self):
        return len(self.arrays[0])

    def __getitem__(self, index):
        return tuple(as_tensor(a[index]) for a in self.arrays)


class ImageBatches(Dataset):
    """Images of one channel, (1, height, width), with their labels."""

    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        """One image and its label, or a batch where `index` is an array."""
        if onp.ndim(index) == 0:
            X, y = self[onp.array([index])]
            return X[0], int(y[0])
        X, y = self.images.fetch(index)
        return as_tensor(X[:, None]), as_tensor(y)


class BatchLoader(DataLoader):
    """MXNet's loader, asking the data set once for a batch, not for each example.

    Its own constructor is left out: that collects the garbage of the whole
    process, which takes longer than an epoch on a small data set.
    """

    _worker_pool = None

    def __init__(self, dataset, order):
        self.dataset = dataset
        self.order = order

    def __len__(self):
        """The number of batches in an epoch."""
        return len(self.order)

    def __iter__(self):
        """The batches of the order's next epoch."""
        return (self.dataset[indices] for indices in self.order)


def make_loader(dataset, batch_size, shuffle, seed=0):
    """A DataLoader whose batches come from the shared order."""
    order = BatchOrder(len(dataset), batch_size, shuffle, seed)
    return BatchLoader(dataset, order)
