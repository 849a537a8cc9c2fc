"""A convolutional layer applied to a single image."""

import numpy as np

from d2l.parity.oracles.images import corr2d
from parity_tests.block_parity import BlockParity


class TestPadding(BlockParity):
    name = "comp_conv2d with padding"
    builder = "padded_convolution"

    def inputs(self, random):
        return [random.standard_normal((8, 9))]

    def oracle(self, weights, X):
        kernel, bias = weights["conv.weight"][0, 0], weights["conv.bias"]
        return corr2d(np.pad(X, [(1, 1), (2, 2)]), kernel) + bias


class TestStrides(TestPadding):
    name = "comp_conv2d with strides"
    builder = "strided_convolution"

    def oracle(self, weights, X):
        kernel, bias = weights["conv.weight"][0, 0], weights["conv.bias"]
        return (corr2d(X, kernel) + bias)[::3, ::4]
