"""The backend on another device than the processor, which is a pretended one here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from torch.utils import backend_registration

from d2l.common.errors import D2LError
from d2l.torch.backend import BACKEND

#: Weights drawn by hand, dropout, lazy layers, convolutions, batch normalisation,
#: recurrence, attention with rotary positions, and two models with two optimizers.
TRIALS = ("linear_regression_scratch", "dropout_mlp", "bn_lenet", "rnn", "gpt", "gan")


@pytest.fixture(scope="module")
def report():
    """What the trials give on the processor and on the device."""
    if not hasattr(backend_registration, "_setup_privateuseone_for_python_backend"):
        pytest.skip("this release of PyTorch knows no devices written in Python")
    program = Path(__file__).with_name("on_pretended_gpu.py")
    done = subprocess.run(
        [sys.executable, program, *TRIALS],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_all_of_a_trial_is_on_the_device(report):
    """Else it would be refused there; and the numbers are the processor's."""
    errors = report["errors"]
    assert {case.split()[0] for case in errors} == set(TRIALS)
    # A loop is trained, and no more.
    assert len(errors) == 3 * len(TRIALS) - 2
    assert {case: error for case, error in errors.items() if not error < 1e-13} == {}


def test_the_device_refuses_what_a_gpu_refuses(report):
    assert "tensors on two devices" in report["refused"]["mixed"]
    assert "numpy" in report["refused"]["numpy"]
    assert report["refused"]["fine"] is None


def test_without_a_gpu_it_is_a_sentence():
    if BACKEND.namespace().num_gpus():
        pytest.skip("there is one")
    with pytest.raises(D2LError, match=r"^PyTorch has no GPU to use here: see docs/"):
        BACKEND.use_gpu()
