"""The MXNet tree does what PyTorch's does, in float64."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

LIMITS = {"outputs": 1e-12, "gradients": 1e-11, "curve": 1e-10, "weights": 1e-9}


@pytest.fixture(scope="module")
def report():
    program = Path(__file__).with_name("float64_agreement.py")
    done = subprocess.run(
        [sys.executable, program],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("model", ["LeNet", "MLPScratch", "DropoutMLP"])
def test_float64(report, model):
    for name, error in report[model].items():
        assert error < LIMITS.get(name.split()[-1], 1e-10), (name, error)
