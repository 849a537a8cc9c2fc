"""Every trial that is listed is tested, once, though nobody wrote a class for it."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from d2l.keys.sources import ROOT
from d2l.trials import TRIALS
from parity_tests.listed_trials import add_listed_trials, classes_of_trials
from parity_tests.trial_parity import TrialParity

NIN = Path("parity_tests/convolutional_modern/test_nin.py")
#: Collects all parity tests, and tells the classes that test a trial, and which.
PROGRAM = """
import json, sys, pytest

class Plugin:
    def pytest_collection_finish(self, session):
        own = [item for item in session.items if hasattr(item.cls, "trial")]
        found = {(item.parent.nodeid, item.cls.trial) for item in own}
        json.dump(sorted(found), open(sys.argv[1], "w"))

options = "parity_tests --framework torch --collect-only -q -p no:cacheprovider"
sys.exit(pytest.main(options.split(), plugins=[Plugin()]))
"""


def test_each_is_tested_once(tmp_path):
    """As pytest collects them, from all files."""
    path = tmp_path / "found.json"
    command = [sys.executable, "-c", PROGRAM, path]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    found = [tuple(pair) for pair in json.loads(path.read_text())]
    assert (f"{NIN}::Test_nin", "nin") in found
    count = Counter(trial for _, trial in found if trial in TRIALS)
    assert count == dict.fromkeys(TRIALS, 1)


@pytest.fixture
def module():
    """A section's module of tests without any."""
    return ModuleType("test_nin")


def test_classes_are_made_of_what_is_listed(module):
    """However often a module is looked at."""
    for _ in range(2):
        add_listed_trials(module, NIN)
        assert [cls.trial for cls in classes_of_trials(module)] == ["nin"]
        assert module.Test_nin.__module__ == "test_nin"


def test_a_class_of_the_files_own_takes_the_place(module):
    """It tests what all trials are tested for, and more."""
    module.TestNetwork = type("TestNetwork", (TrialParity,), {"trial": "nin"})
    add_listed_trials(module, NIN)
    assert classes_of_trials(module) == [module.TestNetwork]


def test_other_files_have_no_trials(module):
    """Such as those of no section."""
    add_listed_trials(module, Path("parity_tests/test_nin.py"))
    assert classes_of_trials(module) == []
