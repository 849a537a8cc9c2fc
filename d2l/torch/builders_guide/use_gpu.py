"""Devices: the processor and the GPUs of this machine."""

import torch


def cpu():
    """The processor's device."""
    return torch.device("cpu")


def gpu(i=0):
    """The device of GPU number `i`, whether or not there is one."""
    return torch.device(f"cuda:{i}")


def num_gpus():
    """The number of GPUs that PyTorch can use."""
    return torch.cuda.device_count()


def try_gpu(i=0):
    """GPU number `i` if it exists, else the processor."""
    return gpu(i) if num_gpus() > i else cpu()


def try_all_gpus():
    """All GPUs, or the processor alone."""
    return [gpu(i) for i in range(num_gpus())] or [cpu()]
