"""Trials of every kind, also of one that is made here, in all four frameworks."""

from pathlib import Path

import numpy as np
import pytest

from d2l import trials
from d2l.common.errors import InputError
from d2l.parity.checks import TRUTH
from d2l.trials.observed import select
from parity_tests.own_trials.trials import carried
from parity_tests.trial_parity import TrialParity

FILE = Path(__file__).parent / "own_trials" / "trials.py"


class TestTwoLosses(TrialParity):
    trial = f"{FILE}:TWO_LOSSES"

    def test_outputs_and_inputs_by_path(self, pool, framework, checker):
        """A tree's arrays have the names of their places in it."""
        trial = trials.find(self.trial)
        _, found = checker.both(framework, TRUTH, "forward", trial)
        outputs = {k for k in found if k.startswith("training.output")}
        ends = {"logits", "more.0", "more.1"}
        assert outputs == {f"training.output.{end}" for end in ends}
        assert found["training.output.more.1"].shape == (8, 2, 5, 5)
        _, found = checker.both(framework, TRUTH, "gradients", trial)
        # Integers have no gradient.
        assert set(select(found, "input")) == {
            *("inputs.features", "inputs.mask", "targets"),
        }


class TestPicture(TrialParity):
    trial = f"{FILE}:PICTURE"


class TestSampler(TrialParity):
    trial = f"{FILE}:SAMPLER"


class TestCarriage(TrialParity):
    """A kind that no file of the engine names."""

    trial = f"{FILE}:CARRIAGE"

    def test_arrays_come_back_as_they_were(self, pool, framework):
        """Also those of four axes that are no images."""
        task = {"trial": self.trial, "steps": 1}
        _, found = pool.run(framework, TRUTH, "curve", {}, **task)
        for name, array in carried().items():
            np.testing.assert_array_equal(found[f"returned.{name}"], array)


def test_an_unknown_trial_of_a_file():
    """One sentence."""
    with pytest.raises(trials.D2LError, match="defines no trial NOTHING"):
        trials.find(f"{FILE}:NOTHING")


def test_a_loop_takes_no_other_optimizer(pool, framework):
    """It makes its own."""
    task = {"trial": f"{FILE}:SAMPLER", "optimizer": {"name": "adam", "settings": {}}}
    with pytest.raises((InputError, trials.D2LError), match="makes its optimizers"):
        pool.run(framework, TRUTH, "curve", {}, **task)
