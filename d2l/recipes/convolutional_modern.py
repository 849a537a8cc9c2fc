"""Recipes: modern convolutional networks."""

RECIPES = []
