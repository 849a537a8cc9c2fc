"""Declarations: attention and Transformers."""
