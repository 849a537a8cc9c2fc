"""Batch normalisation, from scratch and concise."""

import numpy as np

from d2l.parity.oracles.layers import sigmoid
from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.function_parity import FunctionParity


def normalise(X, gamma, beta, mean, var, eps=1e-5):
    """The formula, for the features of X: (batch, features)."""
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


def normalised(session):
    """What `batch_norm` makes of its inputs."""
    return lambda *data, **settings: session.namespace.batch_norm(*data, **settings)[0]


def moving_statistics(session):
    """The new moving mean and variance of `batch_norm`, in one row."""
    d2l = session.namespace
    return lambda *data, **settings: d2l.concat(
        d2l.batch_norm(*data, **settings)[1:], 0
    )


class TestNormalised(FunctionParity):
    name = "batch_norm in training"
    builder = normalised
    settings = {"eps": 1e-5, "momentum": 0.1}
    wrt = ("X", "gamma", "beta")

    def inputs(self, random):
        return {
            "X": 2 + 3 * random.standard_normal((6, 4)),
            "gamma": random.standard_normal(4),
            "beta": random.standard_normal(4),
            "moving_mean": random.standard_normal(4),
            "moving_var": 1 + random.random(4),
        }

    def oracle(self, X, gamma, beta, moving_mean, moving_var, eps, momentum):
        mean = X.mean(0)
        return normalise(X, gamma, beta, mean, ((X - mean) ** 2).mean(0), eps)


class TestNormalisedByMovingStatistics(TestNormalised):
    name = "batch_norm in evaluation"
    settings = {"eps": 1e-5, "momentum": 0.1, "training": False}

    def oracle(self, X, gamma, beta, moving_mean, moving_var, eps, momentum, training):
        return normalise(X, gamma, beta, moving_mean, moving_var, eps)


class TestMovingStatistics(TestNormalised):
    name = "moving statistics"
    builder = moving_statistics
    wrt = ()

    def oracle(self, X, gamma, beta, moving_mean, moving_var, eps, momentum):
        new = (X.mean(0), X.var(0))
        old = (moving_mean, moving_var)
        kept = [
            (1 - momentum) * a + momentum * b for a, b in zip(old, new, strict=True)
        ]
        return np.concatenate(kept)


def normalised_features(session):
    """A batch normalisation of our own, of features, and an activation."""
    return activated(session, session.namespace.BatchNorm(3, num_dims=2))


def normalised_images(session):
    """The same of images."""
    return activated(session, session.namespace.BatchNorm(3, num_dims=4))


def activated(session, layer):
    """A layer and a sigmoid.

    The squares of what is normalised have a constant sum, whatever the inputs.
    """
    d2l = session.namespace

    class Activated(d2l.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def forward(self, X):
            return d2l.sigmoid(self.layer(X))

    return Activated()


class TestBatchNormOfFeatures(BlockParity):
    name = "BatchNorm of features"
    builder = normalised_features

    def inputs(self, random):
        return [random.standard_normal((5, 3))]

    def is_trained(self, name):
        return "moving" not in name

    def oracle(self, weights, X):
        mean = X.mean(0)
        var = ((X - mean) ** 2).mean(0)
        gamma, beta = weights["layer.gamma"], weights["layer.beta"]
        return sigmoid(normalise(X, gamma, beta, mean, var))


class TestBatchNormOfImages(TestBatchNormOfFeatures):
    name = "BatchNorm of images"
    axes = IMAGE_TO_IMAGE
    builder = normalised_images

    def inputs(self, random):
        return [random.standard_normal((2, 3, 3, 4))]

    def oracle(self, weights, X):
        # Every position is an example of its own.
        rows = np.moveaxis(X, 1, 3)
        Y = super().oracle(weights, rows.reshape(-1, 3))
        return np.moveaxis(Y.reshape(rows.shape), 3, 1)
