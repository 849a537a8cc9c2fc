"""AnyNet, RegNet, squeeze and excitation."""

import numpy as np

from d2l.parity.oracles.layers import dense, relu, sigmoid
from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.parameter_counts import count


class TestSE(BlockParity):
    name = "SE"
    axes = IMAGE_TO_IMAGE
    arguments = {"num_channels": 4, "reduction": 2}

    def inputs(self, random):
        return [random.standard_normal((2, 4, 3, 5))]

    def oracle(self, weights, X):
        H = X.mean((2, 3))
        H = relu(dense(H, weights["net.0.weight"], weights["net.0.bias"]))
        H = sigmoid(dense(H, weights["net.2.weight"], weights["net.2.bias"]))
        return X * H[:, :, np.newaxis, np.newaxis]


def test_parameters(framework, pool):
    """Counted layer by layer."""
    channels = 32
    expected = channels * 10 + 2 * channels  # 3 x 3, a bias, a normalisation
    for depth, width in ((4, 32), (6, 80)):
        expected += (channels + 1) * width + 2 * width  # the strided shortcut
        for _ in range(depth):
            matrices = (channels + 1) * width + (width + 1) * width
            # Each output of the middle convolution sees the 16 inputs of a group.
            expected += matrices + (9 * 16 + 1) * width + 6 * width
            channels = width
    expected += 10 * (channels + 1)
    assert count(pool, framework, "RegNetX32", size=16, channels=1) == expected
