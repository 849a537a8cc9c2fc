"""Declarations: init param."""


class MyInit:
    """An initialiser of one's own."""
