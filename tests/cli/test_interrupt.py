"""Ctrl-C and its like: no process is left, and no file."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

COMMAND = Path(sys.executable).with_name("d2l")
PATIENCE = 60


def wait_for(condition, process):
    """Wait until something is there, while the command runs."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    raise AssertionError("it took too long")


def _heed_ctrl_c():
    # What a shell runs in the background ignores it, and so would its children.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def start(tmp_path):
    """A function that starts a long training, which ends with the test.

    Its temporary files lie in a folder of their own.
    """
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with contextlib.ExitStack() as stack:

        def begin(arguments):
            process = subprocess.Popen(
                [COMMAND, *arguments, "--epochs", "100000"],
                cwd=tmp_path,
                env={**os.environ, "TMPDIR": str(temporary)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                preexec_fn=_heed_ctrl_c,
            )
            stack.callback(process.kill)
            return process, temporary

        yield begin


def is_training(process, number):
    """The request to train has been sent `number` seconds of work ago."""

    def busy():
        children = psutil.Process(process.pid).children(recursive=True)
        return children if any(_age(c) > number for c in children) else []

    return busy


def _age(process):
    try:
        return process.cpu_times().user
    except psutil.Error:
        return 0.0


@pytest.mark.parametrize(
    ("number", "code", "seconds"),
    [(signal.SIGINT, 130, 0.1), (signal.SIGINT, 130, 3), (signal.SIGTERM, 143, 0.5)],
    ids=["while starting", "while training", "terminated"],
)
def test_nothing_is_left(tmp_path, start, frameworks, number, code, seconds):
    given = ["compare", "linear_regression", "--frameworks", ",".join(frameworks)]
    process, temporary = start([*given, "--out", "results"])
    children = wait_for(is_training(process, seconds), process)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert stdout == ""
    assert "Traceback" not in stderr
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert list(temporary.glob("d2l-*")) == []
    assert not (tmp_path / "results").exists()


def test_backends_end_with_a_parent_that_is_killed(start, frameworks):
    given = ["compare", "linear_regression", "--frameworks", frameworks[1]]
    process, _ = start(given)
    children = wait_for(is_training(process, 1), process)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_interrupted_training_leaves_a_whole_checkpoint(tmp_path, start, frameworks):
    from d2l.common.training.checkpoints import load_arrays

    given = ["train", "linear_regression", "--framework", frameworks[1]]
    process, _ = start([*given, "--checkpoint", "c.safetensors"])
    checkpoint = tmp_path / "c.safetensors"
    wait_for(checkpoint.exists, process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    arrays, counters = load_arrays(checkpoint)
    assert "model.net.weight" in arrays
    assert int(counters["epochs_done"]) >= 1
    files = [f.name for f in tmp_path.iterdir() if f.is_file()]
    assert files == ["c.safetensors"]
