"""AlexNet in four frameworks."""

from d2l.common.axes import IMAGES
from parity_tests.block_parity import BlockParity
from parity_tests.parameter_counts import count


class TestLargerImages(BlockParity):
    """A feature map of 2 x 2 pixels before the layer that flattens."""

    name = "AlexNet"
    axes = {"0": IMAGES}
    arguments = {"channels": (4, 6, 6, 6, 4), "num_hiddens": 8}

    def inputs(self, random):
        return [random.standard_normal((2, 1, 97, 97))]


def test_parameters(framework, pool):
    """As many as are published for one tower, 62.4 million.

    For images of 227 pixels, whose last feature map is 6 x 6; here one pixel.
    """
    found = count(pool, framework, "AlexNet", size=67, num_classes=1000)
    assert found == 62_378_344 - (6 * 6 - 1) * 256 * 4096
