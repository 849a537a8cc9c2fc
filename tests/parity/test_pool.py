"""Backend processes: answers, errors, and how they end."""

import os
import signal

import numpy as np
import psutil
import pytest

from d2l.common.errors import D2LError
from d2l.common.frameworks import installed
from d2l.parity.pool import BackendDied, Pool, TaskFailed

pytestmark = pytest.mark.skipif("torch" not in installed(), reason="needs PyTorch")
TRIAL = {"trial": "linear_regression", "data": None}


@pytest.fixture
def pool():
    with Pool() as processes:
        yield processes


def test_a_task_is_answered(pool):
    result, arrays = pool.run("torch", "float64", "shapes", **TRIAL)
    assert result["shapes"] == {"net.weight": [1, 2], "net.bias": [1]}
    assert result["trainable"] == ["net.weight", "net.bias"]
    assert arrays == {}
    _, batches = pool.run("torch", "float64", "batches", **TRIAL, steps=2)
    assert batches["train.1.0"].shape == (32, 2)
    assert not list(pool.folder.glob("*.safetensors"))


def test_a_users_error_is_one_sentence(pool):
    with pytest.raises(D2LError, match=r"no trial 'lenett' .did you mean lenet"):
        pool.run("torch", "float64", "shapes", trial="lenett", data=None)


def test_an_exception_carries_its_traceback(pool):
    with pytest.raises(TaskFailed, match="torch: ") as error:
        pool.run("torch", "float64", "call", {"0": np.ones(2)}, name="corr2d")
    assert "Traceback" in str(error.value)
    # The process has survived it.
    pool.run("torch", "float64", "shapes", **TRIAL)


def test_a_process_that_dies_is_reported_and_replaced(pool):
    worker = pool.start("torch", "float64")
    worker.wait_until_ready()
    os.kill(worker.process.pid, signal.SIGKILL)
    with pytest.raises(BackendDied, match=r"PyTorch process has died \(signal 9\)"):
        pool.run("torch", "float64", "shapes", **TRIAL)
    assert pool.run("torch", "float64", "shapes", **TRIAL)[0]["shapes"]


def test_an_interpreter_without_the_framework(tmp_path):
    with (
        Pool(pythons={"torch": "/usr/bin/false"}) as pool,
        pytest.raises(BackendDied, match="exit code 1"),
    ):
        pool.run("torch", "float64", "shapes", **TRIAL)


def test_nothing_is_left_behind():
    with Pool() as pool:
        worker = pool.start("torch", "float32")
        worker.wait_until_ready()
        pid, folder = worker.process.pid, pool.folder
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)
    assert not folder.exists()


def test_a_worker_ends_with_its_parent(pool):
    worker = pool.start("torch", "float64")
    worker.wait_until_ready()
    worker.process.stdin.close()
    assert worker.process.wait(timeout=30) == 0
