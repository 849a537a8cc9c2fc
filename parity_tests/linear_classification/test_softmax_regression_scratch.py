"""Softmax regression from scratch."""

from d2l.parity.oracles.classification import cross_entropy, softmax
from parity_tests.function_parity import FunctionParity


class TestSoftmax(FunctionParity):
    name = "softmax"
    wrt = ("X",)

    def inputs(self, random):
        return {"X": random.standard_normal((4, 5))}

    def oracle(self, X):
        return softmax(X)


class TestCrossEntropy(FunctionParity):
    name = "cross_entropy"
    wrt = ("y_hat",)

    def inputs(self, random):
        return {
            "y_hat": softmax(random.standard_normal((6, 4))),
            "y": random.integers(0, 4, 6),
        }

    def oracle(self, y_hat, y):
        return cross_entropy(y_hat, y)
