"""Recipes: gated recurrent networks and translation."""

RECIPES = []
