"""Positions: added as waves, added as trained vectors, and turning features."""

import numpy as np

from d2l.parity.oracles.attention import rope, sinusoid
from parity_tests.block_parity import BlockParity
from parity_tests.function_parity import FunctionParity


class TestPositionalEncoding(BlockParity):
    name = "PositionalEncoding"
    arguments = {"num_hiddens": 6, "dropout": 0}

    def inputs(self, random):
        return [random.standard_normal((2, 60, 6))]

    def oracle(self, weights, X):
        _, steps, size = X.shape
        waves = [[sinusoid(t, j, size) for j in range(size)] for t in range(steps)]
        return X + np.array(waves)


class TestOddSize(TestPositionalEncoding):
    arguments = {"num_hiddens": 5, "dropout": 0, "max_len": 7}

    def inputs(self, random):
        return [random.standard_normal((2, 7, 5))]


class TestLearnedPositionalEncoding(BlockParity):
    name = "LearnedPositionalEncoding"
    arguments = {"num_hiddens": 4, "dropout": 0, "max_len": 5}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 4))]

    def oracle(self, weights, X):
        return X + weights["P"][:, :3]


class TestRope(FunctionParity):
    name = "rope"
    wrt = ("X",)

    def inputs(self, random):
        return {"X": random.standard_normal((2, 5, 6))}

    def oracle(self, X, **settings):
        return rope(X, **settings)


class TestRopeLater(TestRope):
    settings = {"offset": 900, "base": 500.0}
