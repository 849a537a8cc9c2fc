"""The suite's own checks by name, for a framework that may be broken."""

from __future__ import annotations

from importlib import import_module

from d2l import trials
from d2l.parity.check_list import CHECKS
from d2l.parity.checks import TRUTH, Checker
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from parity_tests.workers import run_task

#: What the sound PyTorch is called, so that it is not taken for the broken one.
SOUND = "the sound reference"


def find_test(subject):
    """A test class by its section's file and its name."""
    file, _, name = subject.partition(":")
    return getattr(import_module("parity_tests." + file.replace("/", ".")), name)()


def measure(checker: Checker, breakage, folder):
    """What a breakage's check measures.

    folder: an empty one, for files.
    """
    kind, _, optimizer = breakage.check.partition(" ")
    own = OWN.get(kind)
    if own is not None:
        return own(checker, breakage, folder)
    arguments = {"optimizer": optimizer} if optimizer else {}
    return measure_trial(checker, breakage, kind, **arguments)


def measure_trial(checker, breakage, kind, **arguments):
    """By one of the checks of trials."""
    run = breakage.framework, breakage.precision
    return CHECKS[kind](checker, *run, trials.find(breakage.subject), **arguments)


def measure_clipped(checker, breakage, folder):
    """A training whose gradients are clipped."""
    return measure_trial(checker, breakage, "curve", clip=0.5)


def measure_by(name):
    """By a method of the class of tests that the breakage names."""

    def found(checker, breakage, folder):
        test = find_test(breakage.subject)
        run = breakage.framework, breakage.precision
        return getattr(test, name)(checker.pool, *run)

    return found


def measure_optimizer(checker, breakage, folder):
    """A training by one of the cases of optimizers."""
    run = breakage.framework, breakage.precision
    cases = import_module("parity_tests.test_optimizers").CASES
    trial, choice = trials.find("linear_regression"), cases[breakage.subject]
    return CHECKS["oracle curve"](checker, *run, trial, choice)


def measure_resumed(checker, breakage, folder):
    """A training that went on from a file, against one in one go."""
    framework, optimizer = breakage.framework, breakage.subject
    design = import_module("parity_tests.linear_regression.test_oo_design")
    case = ("linear_regression", optimizer)
    task = design.settings(checker, *case)
    run = (checker.reference, TRUTH)
    _, expected = run_task(checker.pool, run, "training", "fit", **task)
    path = folder / "checkpoint.safetensors"
    return design.measure_resumed(
        (framework, framework), checker.pool, checker, case, path, expected
    )


def measure_generation(checker, breakage, folder):
    """The tokens that a GPT writes greedily, with a cache and without."""
    framework, precision = breakage.framework, breakage.precision
    gpt = import_module("parity_tests.attention_and_transformers.test_gpt")
    settings = gpt.KINDS[breakage.subject], gpt.CHOICES["greedy"]
    actual, expected = (
        gpt.generate(checker.pool, run, *settings)
        for run in ((framework, precision), (checker.reference, TRUTH))
    )
    names = (framework, checker.reference, "generation")
    return measure_all(names, actual, expected, tolerance("exact", "any"))


#: What is measured otherwise than trials are, by the first word of a breakage's check.
OWN = {
    "output": measure_by("measure_output"),
    "slopes": measure_by("measure_gradients"),
    "block": measure_by("measure_oracle"),
    "optimizer": measure_optimizer,
    "generation": measure_generation,
    "resumed": measure_resumed,
    "clipped": measure_clipped,
}
