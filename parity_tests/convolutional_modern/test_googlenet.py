"""GoogLeNet in four frameworks."""

from parity_tests.block_parity import IMAGE_TO_IMAGE, BlockParity
from parity_tests.parameter_counts import count


class TestInception(BlockParity):
    name = "Inception"
    axes = IMAGE_TO_IMAGE
    arguments = {"c1": 2, "c2": (3, 4), "c3": (2, 5), "c4": 3}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 6, 7))]


def test_parameters(framework, pool):
    """As many as are published without the auxiliary classifiers, 7 million."""
    found = count(pool, framework, "GoogleNet", size=32, num_classes=1000)
    assert found == 6_998_552
