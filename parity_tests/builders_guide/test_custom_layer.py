"""Layers of one's own."""

from d2l.parity.oracles.layers import centered, my_linear
from parity_tests.block_parity import BlockParity


class TestCenteredLayer(BlockParity):
    name = "CenteredLayer"

    def inputs(self, random):
        return [3 + random.standard_normal((4, 5))]

    def oracle(self, weights, X):
        return centered(X)


class TestMyLinear(BlockParity):
    name = "MyLinear"
    # As many inputs as outputs: a transposed weight would fit.
    arguments = {"in_units": 5, "units": 5}

    def inputs(self, random):
        return [random.standard_normal((4, 5))]

    def oracle(self, weights, X):
        return my_linear(X, weights["weight"], weights["bias"])


class TestMyDense(TestMyLinear):
    name = "MyDense"
