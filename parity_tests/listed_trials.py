"""The tests of the trials that d2l.trials lists: nobody writes a class for them.

When a section's file is collected, each trial of the section gets a class there, such
as `test_nin.py::Test_nin`. A class in the file that inherits `TrialParity`, because it
tests more of a trial, takes the place of that trial's.
"""

from __future__ import annotations

from d2l.trials import TRIALS
from parity_tests.sections import section_of
from parity_tests.trial_parity import TrialParity


def classes_of_trials(module):
    """The classes in a module that test a trial."""
    return [
        value
        for name, value in vars(module).items()
        if name.startswith("Test")
        and isinstance(value, type)
        and issubclass(value, TrialParity)
    ]


def add_listed_trials(module, path):
    """Give a module the tests of its section's trials, but for those that it has.

    path: of the module's file.
    """
    section = section_of(path)
    own = {cls.trial for cls in classes_of_trials(module)}
    for trial in TRIALS.values():
        if trial.section == section and trial.name not in own:
            name = f"Test_{trial.name}"
            content = {"trial": trial.name, "__module__": module.__name__}
            setattr(module, name, type(name, (TrialParity,), content))
