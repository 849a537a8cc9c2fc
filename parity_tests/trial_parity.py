"""The checks of a trial, as a class."""

from __future__ import annotations

from d2l import trials
from d2l.parity.check_list import CHECKS, all_checks_of
from d2l.parity.checks import TRUTH, require
from parity_tests.known_differences import expect


class TrialParity:
    """Made for each listed trial; to test more of one, inherit and set `trial`."""

    trial: str

    @classmethod
    def applies(cls, test):
        """Whether there is anything to check this trial against in a test."""
        check = test.removeprefix("test_").replace("_", " ")
        if check not in {*CHECKS, "clipped curve"}:
            return True  # a test of the class that inherits
        trial = trials.find(cls.trial)
        found = {name for name, _ in all_checks_of(trial)}
        if check == "clipped curve":
            # Clipping is the trainer's: of the deep networks, which take long to
            # compile, those are trained with it that are meant to be.
            return "update" in found and (trial.clip > 0 or len(trial.optimizers) > 1)
        return check in found

    def check(self, kind, run, checker, evidence, **arguments):
        """Run one check; what it measures is kept as evidence."""
        framework, precision = run
        trial = trials.find(self.trial)
        found = CHECKS[kind](checker, framework, precision, trial, **arguments)
        evidence.add(trial.section, trial.name, precision, found)
        require(expect(found, trial.name, precision))

    def test_data(self, run, checker, evidence):
        """The same examples in the same batches."""
        self.check("data", run, checker, evidence)

    def test_weights(self, run, checker, evidence):
        """Weights go in and come out unchanged."""
        self.check("weights", run, checker, evidence)

    def test_forward(self, run, checker, evidence):
        """The same outputs, also of the parts."""
        self.check("forward", run, checker, evidence)

    def test_gradients(self, run, checker, evidence):
        """The same gradients, by parameters and inputs."""
        self.check("gradients", run, checker, evidence)

    def test_update(self, run, checker, evidence, optimizer):
        """The same parameters and optimizer's state after a step."""
        self.check("update", run, checker, evidence, optimizer=optimizer)

    def test_curve(self, run, checker, evidence, optimizer):
        """The same losses at every step of Trainer.fit."""
        self.check("curve", run, checker, evidence, optimizer=optimizer)

    def test_clipped_curve(self, run, checker, evidence):
        """The same losses when gradients are clipped."""
        self.check("curve", run, checker, evidence, clip=0.5)

    def test_oracle(self, any_run, oracle_checker, evidence):
        """Outputs, the loss and gradients are those of a NumPy model."""
        self.check("oracle", any_run, oracle_checker, evidence)

    def test_oracle_curve(self, any_run, oracle_checker, evidence, optimizer):
        """So are the losses at every step, and where they end."""
        arguments = {"optimizer": optimizer}
        self.check("oracle curve", any_run, oracle_checker, evidence, **arguments)

    def test_scratch(self, framework, checker, evidence):
        """The version from scratch learns the same, in each framework."""
        self.check("scratch", (framework, TRUTH), checker, evidence)

    def test_trace(self, any_run, oracle_checker, evidence):
        """What is returned is what NumPy computes in another way."""
        self.check("trace", any_run, oracle_checker, evidence)
