"""Cross-correlation and a layer made of it."""

from d2l.parity.oracles.images import corr2d
from parity_tests.block_parity import BlockParity
from parity_tests.function_parity import FunctionParity


class TestCorr2d(FunctionParity):
    name = "corr2d"
    wrt = ("X", "K")

    def inputs(self, random):
        return {
            "X": random.standard_normal((6, 8)),
            "K": random.standard_normal((3, 2)),
        }

    def oracle(self, X, K):
        return corr2d(X, K)


class TestConv2D(BlockParity):
    name = "Conv2D"
    arguments = {"kernel_size": (3, 2)}

    def inputs(self, random):
        return [random.standard_normal((6, 8))]

    def oracle(self, weights, X):
        return corr2d(X, weights["weight"]) + weights["bias"]
