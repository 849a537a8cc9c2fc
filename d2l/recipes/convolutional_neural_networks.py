"""Recipes of the chapter on convolutional neural networks."""

from d2l.recipes.data import images
from d2l.recipes.recipe import OptimizerChoice, Recipe

RECIPES = [
    Recipe(
        "lenet",
        "LeNet",
        "convolutional_neural_networks/lenet",
        "LeNet",
        {"lr": 0.1},
        images(batch_size=64, size=28),
        epochs=10,
        # With plain SGD a network of sigmoids needs more images to get going.
        optimizer=OptimizerChoice("adam", {"lr": 0.003}),
        metric="acc",
    ),
]
