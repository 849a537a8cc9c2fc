"""Whatever a case runs, its key covers: told by watching cases run."""

import os
import subprocess
import sys
from pathlib import Path

from d2l.keys.sources import ROOT

TRACED = Path(__file__).with_name("traced")
#: Trials, functions and blocks, one of a test's own, an oracle, tasks, a breakage.
TESTS = (
    "parity_tests/linear_regression/test_weight_decay.py::TestL2Penalty",
    "parity_tests/reinforcement_learning/test_mdp.py",
    "parity_tests/builders_guide/test_custom_layer.py",
    "parity_tests/convolutional_neural_networks/test_padding_and_strides.py",
    "parity_tests/test_own_trials.py::TestTwoLosses",
    "parity_tests/test_own_trials.py::TestSampler",
    "parity_tests/meta/test_breakages.py::test_breakage_is_seen[torch-tensor_added]",
    "parity_tests/meta/test_breakages.py::test_breakage_is_seen[torch-bias_decayed]",
)


def test_every_function_that_runs_is_reached(tmp_path):
    """In the process of the tests and in those of the framework."""
    result = tmp_path / "result"
    folders = (TRACED, ROOT)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "TRACED_ROOT": str(ROOT),
        "TRACED_FILE": str(tmp_path / "calls"),
        "TRACED_RESULT": str(result),
    }
    options = [
        "-p",
        "traced_cases",
        "-q",
        "--framework",
        "torch",
        "-k float64 or torch-",
    ]
    command = [sys.executable, "-m", "pytest", *TESTS, *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    rows = [line.split("\t") for line in result.read_text().splitlines()]
    found = {place for _, place, _ in rows}
    # Both processes were watched.
    assert "parity_tests.trial_parity:TrialParity" in found
    assert "d2l.torch.backend:TorchBackend" in found
    assert len(rows) > 300
    missed = {
        (case, place) for case, place, is_reached in rows if is_reached == "False"
    }
    assert not missed
