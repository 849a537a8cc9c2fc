"""Every trial that is listed is tested, and once, though nobody wrote a class for it."""

from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import scipy.stats  # noqa: F401  (Cannot be imported twice, as pytester would have it.)

from d2l.keys.sources import ROOT
from d2l.trials import TRIALS
from parity_tests.listed_trials import add_listed_trials, tests_of_trials as classes_of
from parity_tests.trial_parity import TrialParity

pytest_plugins = "pytester"

NIN = Path("parity_tests/convolutional_modern/test_nin.py")


def test_each_is_tested_once(pytester):
    """As pytest collects them, all files together."""
    items, _ = pytester.inline_genitems(
        ROOT / "parity_tests", "--framework", "torch", "-p", "no:cacheprovider"
    )
    classes = {(item.path, item.cls) for item in items if hasattr(item.cls, "trial")}
    found = Counter(cls.trial for _, cls in classes if cls.trial in TRIALS)
    assert found == dict.fromkeys(TRIALS, 1)
    names = {item.nodeid.partition("[")[0] for item in items}
    assert f"{NIN}::Test_nin::test_forward" in names


@pytest.fixture
def module():
    """A section's module of tests without any."""
    return ModuleType("test_nin")


def test_classes_are_made_of_what_is_listed(module):
    """However often a module is looked at."""
    for _ in range(2):
        add_listed_trials(module, NIN)
        assert [cls.trial for cls in classes_of(module)] == ["nin"]
        assert module.Test_nin.__module__ == "test_nin"


def test_a_class_of_the_files_own_takes_the_place(module):
    """It tests what all trials are tested for, and more."""
    module.TestNetwork = type("TestNetwork", (TrialParity,), {"trial": "nin"})
    add_listed_trials(module, NIN)
    assert classes_of(module) == [module.TestNetwork]


def test_other_files_have_no_trials(module):
    """Such as those of no section."""
    add_listed_trials(module, Path("parity_tests/test_nin.py"))
    assert classes_of(module) == []
