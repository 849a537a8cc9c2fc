"""Declarations: use gpu."""


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
