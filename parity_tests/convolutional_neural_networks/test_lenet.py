"""LeNet in four frameworks."""

from parity_tests.recipe_parity import RecipeParity


class TestLeNet(RecipeParity):
    recipe = "lenet"
