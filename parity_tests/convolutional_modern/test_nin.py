"""Network in network, in four frameworks."""

from d2l.common.axes import IMAGES
from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.parameter_counts import count


class TestLargerImages(BlockParity):
    """A feature map of 2 x 2 pixels before the average."""

    name = "NiN"
    axes = {"0": IMAGES}
    arguments = {"channels": (4, 6, 6), "num_classes": 5}

    def inputs(self, random):
        return [random.standard_normal((2, 1, 97, 97))]


class TestNiNBlock(BlockParity):
    name = "nin_block"
    axes = IMAGE_TO_IMAGE
    arguments = {"out_channels": 4, "kernel_size": 3, "strides": 2, "padding": 1}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 6, 7))]


def test_parameters(framework, pool):
    """Each block has its convolution and two square matrices."""
    expected = 0
    for window, inputs, outputs in [
        (11 * 11, 3, 96),
        (5 * 5, 96, 256),
        (3 * 3, 256, 384),
        (3 * 3, 384, 1000),
    ]:
        expected += (window * inputs + 1) * outputs + 2 * (outputs + 1) * outputs
    assert count(pool, framework, "NiN", size=67, num_classes=1000) == expected
