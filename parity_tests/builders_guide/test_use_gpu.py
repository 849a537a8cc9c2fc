"""Devices: what a machine without and with GPUs is told."""

from parity_tests.workers import run_task


def test_devices(framework, pool):
    """`try_gpu` and `try_all_gpus` fall back on the processor."""
    found, _ = run_task(pool, (framework, "float32"), "devices", "devices")
    count = found["num_gpus"]
    assert count >= 0
    assert found["try_all_gpus"] == (found["gpus"] or [found["cpu"]])
    assert found["try_gpu"] == (found["gpus"][0] if count else found["cpu"])
    # There is no GPU of that number, on any machine.
    assert found["try_gpu(1000)"] == found["cpu"]


def test_computing_on_a_device(framework, pool):
    """A tensor that was moved keeps its values, and computes there."""
    _, found = run_task(pool, (framework, "float32"), "devices", "compute")
    assert found["sum"] == 15
    assert found["moved"].tolist() == [0, 1, 2, 3, 4, 5]
