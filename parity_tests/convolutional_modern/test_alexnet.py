"""AlexNet in four frameworks."""

from parity_tests.parameter_counts import count
from parity_tests.recipe_parity import RecipeParity


class TestAlexNet(RecipeParity):
    recipe = "alexnet"


def test_parameters(framework, pool):
    """As many as are published for one tower, 62.4 million.

    For images of 227 pixels, whose last feature map is 6 x 6; here one pixel.
    """
    found = count(pool, framework, "AlexNet", size=67, num_classes=1000)
    assert found == 62_378_344 - (6 * 6 - 1) * 256 * 4096
