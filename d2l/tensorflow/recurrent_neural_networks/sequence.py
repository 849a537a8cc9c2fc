"""Sequences: predicting a series of numbers from its own past."""

import tensorflow as tf

from d2l.common.data.sequences import autoregressive, noisy_sine

from ..linear_regression.oo_design import DataModule
from ..loaders import as_tensor


class Data(DataModule):
    """Batches (X, y): `tau` values of a noisy sine, oldest first, and the next one.

    X: (batch, tau).
    y: (batch, 1).
    T: the length of the series.
    num_train: how many of its T - tau examples train, the others validate.
    """

    def __init__(self, batch_size=16, T=1000, num_train=600, tau=4):
        super().__init__()
        self.save_hyperparameters()
        self.time = tf.range(1, T + 1)
        series = noisy_sine(T, noise=0.2, seed=self.seed)
        features, labels = autoregressive(series, tau)
        self.x, self.features = as_tensor(series), as_tensor(features)
        self.labels = as_tensor(labels)

    def get_dataloader(self, train):
        """The first `num_train` examples, shuffled, or the others."""
        indices = slice(0, self.num_train) if train else slice(self.num_train, None)
        return self.get_tensorloader([self.features, self.labels], train, indices)


def k_step_pred(model, data, k):
    """Predict up to `k` steps ahead, each prediction being the next one's input.

    model: from (n, tau) to (n, 1).

    returns: (T - tau - k + 1, k): column j holds predictions made j + 1 steps before
        their time, row i those of the times i + tau, ..., i + tau + k - 1, counted from
        0.
    """
    X, predictions = data.features[: len(data.features) - k + 1], []
    for _ in range(k):
        predictions.append(model(X))
        X = tf.concat([X[:, 1:], predictions[-1]], axis=1)
    return tf.concat(predictions, axis=1)
