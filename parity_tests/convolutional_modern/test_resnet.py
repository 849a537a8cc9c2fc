"""Residual networks in four frameworks."""

from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.parameter_counts import count


class TestResidual(BlockParity):
    name = "Residual"
    axes = IMAGE_TO_IMAGE
    zero_gradients = ("conv[12].bias",)
    arguments = {"num_channels": 3}

    def inputs(self, random):
        return [random.standard_normal((4, 3, 6, 7))]


class TestStridedResidual(TestResidual):
    arguments = {"num_channels": 4, "use_1x1conv": True, "strides": 2}


class TestResNeXtBlock(BlockParity):
    name = "ResNeXtBlock"
    axes = IMAGE_TO_IMAGE
    zero_gradients = ("conv?.bias",)
    arguments = {"num_channels": 4, "groups": 2, "bot_mul": 1}

    def inputs(self, random):
        return [random.standard_normal((4, 4, 6, 7))]


class TestStridedResNeXtBlock(TestResNeXtBlock):
    arguments = {
        "num_channels": 8,
        "groups": 2,
        "bot_mul": 0.5,
        "use_1x1conv": True,
        "strides": 2,
    }


def test_parameters(framework, pool):
    """As many as are published, but for what the book leaves out and adds.

    It has biases in the convolutions, 64 before the blocks and 4,736 in them, and
    no normalisation in the shortcuts.
    """
    found = count(pool, framework, "ResNet18", size=32, num_classes=1000)
    assert found == 11_689_512 + 64 + 4_736 - 2 * (128 + 256 + 512)
