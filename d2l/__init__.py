"""Dive into Deep Learning: one book, four frameworks, one interface."""

__version__ = "0.1.0"
