"""LinearRegression in four frameworks."""

from parity_tests.recipe_parity import RecipeParity


class TestLinearRegression(RecipeParity):
    recipe = "linear_regression"
