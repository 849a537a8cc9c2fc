"""SoftmaxRegression in four frameworks."""

from parity_tests.recipe_parity import RecipeParity


class TestSoftmaxRegression(RecipeParity):
    recipe = "softmax_regression"
