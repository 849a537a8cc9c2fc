"""Declarations: ways to build networks; devices."""


class MySequential:
    """Modules applied one after the other."""


class FixedHiddenMLP:
    """Constant weights and control flow."""


class NestMLP:
    """A sequence within a module."""


class MyInit:
    """An initialiser of one's own."""


class CenteredLayer:
    """Subtracts the mean."""


class MyLinear:
    """A dense layer with a rectifier."""

    def __init__(self, in_units, units):
        """The numbers of inputs and outputs."""


class MyDense:
    """Another name of MyLinear."""

    def __init__(self, in_units, units):
        """The numbers of inputs and outputs."""


def cpu():
    """The processor."""


def gpu(i=0):
    """A GPU."""


def num_gpus():
    """How many GPUs there are."""


def try_gpu(i=0):
    """A GPU if there is one, else the processor."""


def try_all_gpus():
    """All GPUs, or the processor alone."""
