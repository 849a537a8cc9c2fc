"""Softmax regression with the framework's own layers."""

from parity_tests.recipe_parity import RecipeParity


class TestSoftmaxRegression(RecipeParity):
    recipe = "softmax_regression"
