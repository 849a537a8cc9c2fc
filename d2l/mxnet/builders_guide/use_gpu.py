"""Devices: the processor and the GPUs of this machine."""

from mxnet import npx


def cpu():
    """The processor's device."""
    return npx.cpu()


def gpu(i=0):
    """The device of GPU number `i`, whether or not there is one."""
    return npx.gpu(i)


def num_gpus():
    """The number of GPUs that MXNet can use."""
    return npx.num_gpus()


def try_gpu(i=0):
    """GPU number `i` if it exists, else the processor."""
    return gpu(i) if num_gpus() > i else cpu()


def try_all_gpus():
    """All GPUs, or the processor alone."""
    return [gpu(i) for i in range(num_gpus())] or [cpu()]
