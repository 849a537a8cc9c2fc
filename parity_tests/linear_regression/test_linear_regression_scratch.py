"""LinearRegressionScratch in four frameworks."""

from parity_tests.recipe_parity import RecipeParity


class TestLinearRegressionScratch(RecipeParity):
    recipe = "linear_regression_scratch"
