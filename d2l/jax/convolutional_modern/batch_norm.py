"""Batch normalisation (Ioffe and Szegedy, 2015), from scratch and concise."""

from functools import partial

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import UnbiasedBatchNorm, flatten, layer_settings
from ..linear_classification.classification import Classifier


def batch_norm(
    X, gamma, beta, moving_mean, moving_var, eps, momentum, *, training=True
):
    """Normalise each feature by mean and variance, then scale by gamma, shift by beta.

    X: (batch, features) or (batch, height, width, channels).
    gamma, beta, moving_mean, moving_var: one number for each feature or channel, in any
        shape.
    momentum: the weight of this batch in the moving statistics.
    training: normalise by the batch's statistics, else by the moving ones.

    returns: the normalised X, and the new moving mean and variance.
    """
    if training:
        axes = tuple(range(X.ndim - 1))
        mean = X.mean(axes)
        # The mean square, where PyTorch's own layer keeps n / (n - 1) times that.
        var = ((X - mean) ** 2).mean(axes)
        kept = moving_mean.shape
        moving_mean = (1 - momentum) * moving_mean + momentum * mean.reshape(kept)
        moving_var = (1 - momentum) * moving_var + momentum * var.reshape(kept)
    else:
        mean, var = moving_mean.reshape(-1), moving_var.reshape(-1)
    X_hat = (X - mean) / jnp.sqrt(var + eps)
    Y = gamma.reshape(-1) * X_hat + beta.reshape(-1)
    return Y, *jax.lax.stop_gradient((moving_mean, moving_var))


class BatchNorm(nnx.Module):
    """A layer that normalises each feature.

    num_features: of the inputs, or their channels.
    num_dims: 2 for inputs (batch, features), 4 for (batch, height, width, channels).
    """

    features_last = True

    def __init__(self, num_features, num_dims):
        self.num_dims = num_dims
        self.gamma = nnx.Param(jnp.ones(num_features))
        self.beta = nnx.Param(jnp.zeros(num_features))
        self.moving_mean = nnx.BatchStat(jnp.zeros(num_features))
        self.moving_var = nnx.BatchStat(jnp.ones(num_features))
        # train() and eval() set it, as in Flax's own layer.
        self.use_running_average = False

    def __call__(self, X):
        """Return the same shape, and update the statistics.

        X: of `num_dims` axes.
        """
        if X.ndim != self.num_dims:
            raise ValueError(f"expected {self.num_dims} axes, not {X.ndim}")
        Y, self.moving_mean[...], self.moving_var[...] = batch_norm(
            X,
            self.gamma[...],
            self.beta[...],
            self.moving_mean[...],
            self.moving_var[...],
            eps=1e-5,
            momentum=0.1,
            training=not self.use_running_average,
        )
        return Y


class BNLeNetScratch(Classifier):
    """LeNet with a batch normalisation of our own before each activation."""

    def __init__(self, lr=0.1, num_classes=10, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        settings = layer_settings(rngs)
        # Flax slides the window by one pixel unless strides are given.
        pool = partial(nnx.avg_pool, window_shape=(2, 2), strides=(2, 2))
        self.net = nnx.Sequential(
            # Flax pads by default so that the size stays the same.
            nnx.Conv(1, 6, (5, 5), padding="VALID", **settings),  # (batch, 24, 24, 6)
            BatchNorm(6, num_dims=4),
            nnx.sigmoid,
            pool,  # (batch, 12, 12, 6)
            nnx.Conv(6, 16, (5, 5), padding="VALID", **settings),  # (batch, 8, 8, 16)
            BatchNorm(16, num_dims=4),
            nnx.sigmoid,
            pool,  # (batch, 4, 4, 16)
            flatten,
            nnx.Linear(256, 120, **settings),
            BatchNorm(120, num_dims=2),
            nnx.sigmoid,
            nnx.Linear(120, 84, **settings),
            BatchNorm(84, num_dims=2),
            nnx.sigmoid,
            nnx.Linear(84, num_classes, **settings),
        )


class BNLeNet(Classifier):
    """The same network of the framework's own layers."""

    def __init__(self, lr=0.1, num_classes=10, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        settings = layer_settings(rngs)
        # Flax slides the window by one pixel unless strides are given.
        pool = partial(nnx.avg_pool, window_shape=(2, 2), strides=(2, 2))
        self.net = nnx.Sequential(
            # Flax pads by default so that the size stays the same.
            nnx.Conv(1, 6, (5, 5), padding="VALID", **settings),  # (batch, 24, 24, 6)
            UnbiasedBatchNorm(6),
            nnx.sigmoid,
            pool,  # (batch, 12, 12, 6)
            nnx.Conv(6, 16, (5, 5), padding="VALID", **settings),  # (batch, 8, 8, 16)
            UnbiasedBatchNorm(16),
            nnx.sigmoid,
            pool,  # (batch, 4, 4, 16)
            flatten,
            nnx.Linear(256, 120, **settings),
            UnbiasedBatchNorm(120),
            nnx.sigmoid,
            nnx.Linear(120, 84, **settings),
            UnbiasedBatchNorm(84),
            nnx.sigmoid,
            nnx.Linear(84, num_classes, **settings),
        )
