"""Cross-correlation with several channels."""

from d2l.parity.oracles.images import corr2d_multi_in, corr2d_multi_in_out
from parity_tests.function_parity import FunctionParity


class TestCorr2dMultiIn(FunctionParity):
    name = "corr2d_multi_in"
    wrt = ("X", "K")

    def inputs(self, random):
        return {
            "X": random.standard_normal((3, 5, 6)),
            "K": random.standard_normal((3, 2, 4)),
        }

    def oracle(self, X, K):
        return corr2d_multi_in(X, K)


class TestCorr2dMultiInOut(FunctionParity):
    name = "corr2d_multi_in_out"
    wrt = ("X", "K")

    def inputs(self, random):
        return {
            "X": random.standard_normal((3, 5, 6)),
            "K": random.standard_normal((2, 3, 2, 4)),
        }

    def oracle(self, X, K):
        return corr2d_multi_in_out(X, K)


class TestCorr2dMultiInOut1x1(TestCorr2dMultiInOut):
    name = "corr2d_multi_in_out_1x1"

    def inputs(self, random):
        return {
            "X": random.standard_normal((3, 5, 6)),
            "K": random.standard_normal((4, 3, 1, 1)),
        }
