"""DenseNet in four frameworks."""

import pytest

from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.parameter_counts import count


class TestConvBlock(BlockParity):
    name = "ConvBlock"
    axes = IMAGE_TO_IMAGE
    arguments = {"num_channels": 4}

    def inputs(self, random):
        return [random.standard_normal((4, 3, 6, 7))]


class TestConvBlockFunction(TestConvBlock):
    name = "conv_block"


class TestTransitionBlock(TestConvBlock):
    name = "TransitionBlock"


class TestTransitionBlockFunction(TestConvBlock):
    name = "transition_block"


class TestDenseBlock(TestConvBlock):
    name = "DenseBlock"
    arguments = {"num_convs": 2, "num_channels": 2}


@pytest.mark.parametrize(("arch", "last"), [((4, 4, 4, 4), 248), ((1, 2), 112)])
def test_parameters(framework, pool, arch, last):
    """Counted block by block.

    last: the channels before the dense layer.
    """
    channels = 64
    expected = channels * 50 + 2 * channels  # 7 x 7, a bias, a normalisation
    for i, num_convs in enumerate(arch):
        if i > 0:
            expected += 2 * channels + (channels + 1) * (channels // 2)
            channels //= 2
        for _ in range(num_convs):
            expected += 2 * channels + (9 * channels + 1) * 32
            channels += 32
    assert channels == last
    expected += 2 * channels + 10 * (channels + 1)
    found = count(pool, framework, "DenseNet", size=32, channels=1, arch=arch)
    assert found == expected
