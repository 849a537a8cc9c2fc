"""Recipes: attention and Transformers."""

RECIPES = []
