"""VGG in four frameworks."""

from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.parameter_counts import count

#: The eight convolutions of VGG-11.
ARCH = [(1, 64), (1, 128), (2, 256), (2, 512), (2, 512)]


class TestVGGBlock(BlockParity):
    name = "vgg_block"
    axes = IMAGE_TO_IMAGE
    arguments = {"num_convs": 2, "out_channels": 4}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 6, 7))]


def test_parameters(framework, pool):
    """As many as are published, 132.9 million, less those of the larger images.

    For images of 224 pixels, whose last feature map is 7 x 7; here one pixel.
    """
    found = count(pool, framework, "VGG", size=32, arch=ARCH, num_classes=1000)
    assert found == 132_863_336 - (7 * 7 - 1) * 512 * 4096
