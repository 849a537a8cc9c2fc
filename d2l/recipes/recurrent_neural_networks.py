"""Recipes: recurrent networks."""

RECIPES = []
