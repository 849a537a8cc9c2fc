"""PyTorch's DataLoader on top of the batch order that all frameworks share."""

from __future__ import annotations

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from d2l.common.data.batches import BatchOrder


def default_dtype():
    """The default precision by the name that NumPy understands."""
    return str(torch.get_default_dtype()).removeprefix("torch.")


def as_tensor(array):
    """A NumPy array as a tensor; floats in the default precision, integers long."""
    if isinstance(array, torch.Tensor):
        return array
    is_float = np.issubdtype(np.asarray(array).dtype, np.floating)
    dtype = torch.get_default_dtype() if is_float else torch.int64
    return torch.as_tensor(np.ascontiguousarray(array), dtype=dtype)


class TensorBatches(Dataset):
    """Equally long tensors; a batch is cut out of them in one go."""

    def __init__(self, tensors):
        self.tensors = tuple(as_tensor(t) for t in tensors)

    def __len__(self):
        return len(self.tensors[0])

    def __getitem__(self, index):
        return tuple(t[index] for t in self.tensors)

    def __getitems__(self, indices):
        return self[torch.as_tensor(indices)]


class ImageBatches(Dataset):
    """Images of one channel, (1, height, width), with their labels."""

    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        X, y = self.__getitems__(np.array([index]))
        return X[0], int(y[0])

    def __getitems__(self, indices):
        X, y = self.images.fetch(indices)
        return as_tensor(X).unsqueeze(1), as_tensor(y)


def _already_a_batch(batch):
    return batch


def make_loader(dataset, batch_size, shuffle, seed=0):
    """A DataLoader whose batches come from the shared order."""
    order = BatchOrder(len(dataset), batch_size, shuffle, seed)
    loader = DataLoader(dataset, batch_sampler=order, collate_fn=_already_a_batch)
    loader.order = order
    return loader
