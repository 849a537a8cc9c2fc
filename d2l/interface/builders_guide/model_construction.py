"""Declarations: model construction."""


class MLP:
    """A hidden layer and an output layer."""

    def __init__(self):
        """Their sizes are fixed."""


class MySequential:
    """Modules applied one after the other."""


class FixedHiddenMLP:
    """Constant weights and control flow."""


class NestMLP:
    """A sequence within a module."""
