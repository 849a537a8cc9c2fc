"""Batches of tensors on top of the batch order that all frameworks share."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from d2l.common.data.batches import BatchOrder


def as_tensor(array):
    """A NumPy array as a tensor; floats in the default precision, integers int32."""
    if tf.is_tensor(array):
        return array
    array = np.asarray(array)
    is_float = np.issubdtype(array.dtype, np.floating)
    dtype = keras.config.floatx() if is_float else "int32"
    return tf.convert_to_tensor(array.astype(dtype, copy=False))


class TensorBatches:
    """Equally long tensors; a batch is cut out of them in one go."""

    def __init__(self, tensors):
        # NumPy cuts faster than TensorFlow, whose every operation has its cost.
        self.arrays = tuple(as_tensor(t).numpy() for t in tensors)
        self.num_examples = len(self.arrays[0])

    def fetch(self, indices):
        """The examples at `indices`, of every tensor."""
        return tuple([tf.constant(a[indices]) for a in self.arrays])


class ImageBatches(tuple):
    """Images with their labels: two arrays, of which batches can be cut.

    The images in the pair are as they were stored: (examples, height, width), of
    bytes. In batches they have the wanted size and values from 0 to 1.
    """

    def __new__(cls, images):
        self = super().__new__(cls, (images.images, images.labels))
        self.images, self.num_examples = images, len(images)
        self.labels = images.labels.astype("int32")
        return self

    def fetch(self, indices):
        """Return the examples at `indices` as (X, y).

        X: (batch, height, width, 1).
        y: (batch,).
        """
        X, _ = self.images.fetch(indices)
        return tf.constant(X[..., np.newaxis]), tf.constant(self.labels[indices])


class Batches(keras.utils.PyDataset):
    """The batches of a data set, in another order at every pass.

    A loop over it gives tuples of tensors; `keras.Model.fit` takes it as it is.
    Not a `tf.data.Dataset`, whose iterator costs a millisecond a batch, more
    than the step of a small network.

    order: the BatchOrder; `order.epoch` is the number of the next pass.
    """

    def __init__(self, source, order):
        super().__init__()
        self.source, self.order = source, order
        self._upcoming = (-1, [])

    def __len__(self):
        """The number of batches in a pass."""
        return len(self.order)

    def __iter__(self):
        """The batches of the next pass."""
        return map(self.source.fetch, self.order)

    def __getitem__(self, index):
        """A batch of the pass that comes next, which this does not count."""
        if self._upcoming[0] != self.order.epoch:
            batches = list(self.order.batches(self.order.epoch))
            self._upcoming = (self.order.epoch, batches)
        return self.source.fetch(self._upcoming[1][index])

    def on_epoch_end(self):
        """Called by `keras.Model.fit`: the next pass has another order."""
        self.order.epoch += 1


def first_batch(loader):
    """A batch to look at; our own loaders count their passes, and this is none."""
    is_own = hasattr(loader, "order") and hasattr(loader, "__getitem__")
    return loader[0] if is_own else next(iter(loader))


def make_loader(source, batch_size, shuffle, seed=0):
    """Batches of `source` in the shared order."""
    order = BatchOrder(source.num_examples, batch_size, shuffle, seed)
    return Batches(source, order)
