"""A convolutional layer applied to a single image."""

import numpy as np

from d2l.parity.oracles.images import corr2d
from parity_tests.block_parity import BlockParity
from parity_tests.tasks import native


def padded_convolution(session):
    """A convolution that keeps the size of an image."""
    return on_single_images(session, native.convolution(session, (3, 5), (1, 2)))


def strided_convolution(session):
    """A convolution that skips positions."""
    layer = native.convolution(session, (3, 5), strides=(3, 4))
    return on_single_images(session, layer)


def on_single_images(session, layer):
    """A layer applied as the section applies it."""
    d2l = session.namespace

    class Convolution(d2l.Module):
        def __init__(self):
            super().__init__()
            self.conv = layer

        def forward(self, X):
            return d2l.comp_conv2d(self.conv, X)

    return Convolution()


class TestPadding(BlockParity):
    name = "comp_conv2d with padding"
    builder = padded_convolution

    def inputs(self, random):
        return [random.standard_normal((8, 9))]

    def oracle(self, weights, X):
        kernel, bias = weights["conv.weight"][0, 0], weights["conv.bias"]
        return corr2d(np.pad(X, [(1, 1), (2, 2)]), kernel) + bias


class TestStrides(TestPadding):
    name = "comp_conv2d with strides"
    builder = strided_convolution

    def oracle(self, weights, X):
        kernel, bias = weights["conv.weight"][0, 0], weights["conv.bias"]
        return (corr2d(X, kernel) + bias)[::3, ::4]
