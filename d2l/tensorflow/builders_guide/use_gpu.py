"""Devices: the processor and the GPUs of this machine."""

import tensorflow as tf


def cpu():
    """The processor's device."""
    return tf.device("/CPU:0")


def gpu(i=0):
    """The device of GPU number `i`, whether or not there is one."""
    return tf.device(f"/GPU:{i}")


def num_gpus():
    """The number of GPUs that TensorFlow can use."""
    return len(tf.config.list_physical_devices("GPU"))


def try_gpu(i=0):
    """GPU number `i` if it exists, else the processor."""
    return gpu(i) if num_gpus() > i else cpu()


def try_all_gpus():
    """All GPUs, or the processor alone."""
    return [gpu(i) for i in range(num_gpus())] or [cpu()]
