"""Pooling from scratch."""

from d2l.parity.oracles.images import pool2d
from parity_tests.function_parity import FunctionParity


class TestMaxPool2d(FunctionParity):
    name = "pool2d"
    settings = {"pool_size": (2, 3), "mode": "max"}
    wrt = ("X",)

    def inputs(self, random):
        # Random numbers have no ties, at which gradients may differ.
        return {"X": random.standard_normal((6, 7))}

    def oracle(self, X, pool_size, mode):
        return pool2d(X, pool_size, mode)


class TestAvgPool2d(TestMaxPool2d):
    settings = {"pool_size": (2, 3), "mode": "avg"}
