"""A convolutional layer applied to a single image, padded and with strides."""

import numpy as np

from d2l.parity.oracles.images import corr2d
from parity_tests.block_parity import BlockParity


class TestCompConv2d(BlockParity):
    name = "comp_conv2d"
    builder = "comp_conv2d"

    def inputs(self, random):
        return [random.standard_normal((8, 9))]

    def oracle(self, weights, X):
        kernel, bias = weights["conv.weight"][0, 0], weights["conv.bias"]
        padded = np.pad(X, [(0, 0), (1, 1)])
        return (corr2d(padded, kernel) + bias)[::3, ::4]
