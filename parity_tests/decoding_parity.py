"""What the tests of decoding share."""

from __future__ import annotations

from d2l import trials
from d2l.parity.checks import TRUTH
from d2l.trials.observed import prefixed, select

#: What logits may be off by without another token being chosen, so that no choice
#: hangs on rounding: those of float32 differ by less than a tenth of this.
NOISE = 1e-4


def trained_weights(checker, name, steps):
    """The weights of a trial's model after some steps by the reference.

    Only then does it write what a text or a sentence looks like.
    """
    trial = trials.find(name)
    run = checker.reference, TRUTH
    task = {"trial": name, "seed": checker.seed, "steps": steps, "clip": trial.clip}
    found = checker.run(*run, "curve", checker.weights(trial), **task)
    return prefixed("weights", select(found, "parameter"))
