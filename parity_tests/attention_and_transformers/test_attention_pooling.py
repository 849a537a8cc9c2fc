"""Kernels, and averages weighted by them."""

import numpy as np

from d2l.parity.oracles.attention import kernel_regression
from d2l.parity.oracles.layers import relu
from parity_tests.function_parity import FunctionParity


class Kernel(FunctionParity):
    """A function of distances on both sides of 1."""

    wrt = ("x",)

    def inputs(self, random):
        return {"x": random.uniform(-2, 2, (3, 7))}


class TestGaussian(Kernel):
    name = "gaussian"

    def oracle(self, x):
        return np.exp(-x * x / 2)


class TestBoxcar(Kernel):
    name = "boxcar"
    wrt = ()

    def oracle(self, x):
        return np.where((x > -1) & (x < 1), 1.0, 0.0)


class TestConstant(Kernel):
    name = "constant"
    wrt = ()

    def oracle(self, x):
        return np.full(x.shape, 1.0)


class TestEpanechikov(Kernel):
    name = "epanechikov"

    def oracle(self, x):
        return relu(1 - np.where(x.real > 0, x, -x))


def wide_gaussian(session):
    """A Gaussian kernel of width 0.7."""
    return session.namespace.gaussian_with_width(0.7)


class TestGaussianWithWidth(Kernel):
    name = "gaussian_with_width"
    builder = wide_gaussian

    def oracle(self, x):
        return np.exp(-((x / 0.7) ** 2) / 2)


def estimates(session):
    """The estimates of attention pooling by a Gaussian kernel."""
    d2l = session.namespace
    return lambda *data: d2l.nadaraya_watson(*data, d2l.gaussian)[0]


def weights(session):
    """The weights of attention pooling by a triangular kernel."""
    d2l = session.namespace
    return lambda *data: d2l.nadaraya_watson(*data, d2l.epanechikov)[1]


class TestNadarayaWatson(FunctionParity):
    name = "nadaraya_watson"
    builder = estimates
    wrt = ("x_train", "y_train", "x_val")

    def inputs(self, random):
        return {
            "x_train": random.uniform(0, 2, 9),
            "y_train": random.standard_normal(9),
            "x_val": random.uniform(0, 2, 5),
        }

    def oracle(self, x_train, y_train, x_val):
        return kernel_regression(x_train, y_train, x_val, TestGaussian().oracle)[0]


class TestNadarayaWatsonWeights(TestNadarayaWatson):
    name = "nadaraya_watson weights"
    builder = weights
    wrt = ("x_train", "x_val")

    def oracle(self, x_train, y_train, x_val):
        return kernel_regression(x_train, y_train, x_val, TestEpanechikov().oracle)[1]
