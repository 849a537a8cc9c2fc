"""Devices: the processor and the GPUs of this machine."""

import jax


def cpu():
    """The processor's device."""
    return jax.devices("cpu")[0]


def gpu(i=0):
    """The device of GPU number `i`; raises an error if there is none."""
    return jax.devices("gpu")[i]


def num_gpus():
    """The number of GPUs that JAX can use."""
    try:
        return jax.device_count("gpu")
    except RuntimeError:  # JAX was installed without support for GPUs.
        return 0


def try_gpu(i=0):
    """GPU number `i` if it exists, else the processor."""
    return gpu(i) if num_gpus() > i else cpu()


def try_all_gpus():
    """All GPUs, or the processor alone."""
    return [gpu(i) for i in range(num_gpus())] or [cpu()]
