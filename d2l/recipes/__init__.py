"""All recipes by name: what compare, parity, benchmarks and pages read."""

from __future__ import annotations

import difflib
from importlib import import_module

from d2l.common.errors import D2LError
from d2l.recipes.recipe import (
    OPTIMIZERS,
    DataChoice,
    FromData,
    OptimizerChoice,
    Part,
    Recipe,
    ScratchTwin,
)

__all__ = [
    "OPTIMIZERS",
    "RECIPES",
    "DataChoice",
    "FromData",
    "OptimizerChoice",
    "Part",
    "Recipe",
    "ScratchTwin",
    "find",
    "find_data",
]

CHAPTERS = (
    "linear_regression",
    "linear_classification",
    "multilayer_perceptrons",
    "convolutional_neural_networks",
    "convolutional_modern",
    "recurrent_neural_networks",
    "recurrent_modern",
    "attention_and_transformers",
)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for chapter in CHAPTERS
    for recipe in import_module(f"d2l.recipes.{chapter}").RECIPES
}


def find(name: str) -> Recipe:
    """The recipe of that name; an unknown name is answered with the nearest one."""
    if name in RECIPES:
        return RECIPES[name]
    raise D2LError(f"There is no recipe {name!r}{nearest(name, list(RECIPES))}.")


def find_data(recipe: Recipe, name: str | None) -> DataChoice:
    """One of the recipe's data sets; None is its default."""
    name = name or recipe.default_data
    if name in recipe.data:
        return recipe.data[name]
    raise D2LError(
        f"The recipe {recipe.name} has no data {name!r}: "
        f"choose {' or '.join(recipe.data)}."
    )


def nearest(name: str, names: list[str]) -> str:
    """What a message adds when `name` may be a slip of the pen."""
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return f" (did you mean {close[0]}?)" if close else ": see `d2l list`"
