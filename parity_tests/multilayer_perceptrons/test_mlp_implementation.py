"""Multilayer perceptrons, from scratch and concise."""

from d2l.parity.oracles.layers import relu
from parity_tests.function_parity import FunctionParity


class TestReLU(FunctionParity):
    name = "relu"
    wrt = ("X",)

    def inputs(self, random):
        X = random.standard_normal((4, 5))
        X[0, 0] = 0  # where all frameworks' gradients are 0
        return {"X": X}

    def oracle(self, X):
        return relu(X)
