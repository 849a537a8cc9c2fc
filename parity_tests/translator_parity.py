"""The checks of a translator with attention, as a class to inherit from."""

import numpy as np

from d2l import recipes
from d2l.parity.checks import TRUTH, require
from d2l.parity.measure import measure, measure_all, rounded_to
from d2l.parity.tolerances import tolerance
from parity_tests.recipe_parity import RecipeParity
from parity_tests.workers import run_task

NUM_STEPS = 6


class TranslatorParity(RecipeParity):
    """What recipes are checked for, and how the translator writes."""

    def run_task(self, pool, run, checker, function, **arguments):
        """A task of tasks/generation.py with the weights all frameworks start from."""
        weights = checker.weights(recipes.find(self.recipe))
        arguments |= {"recipe": self.recipe}
        return run_task(pool, run, "generation", function, weights, **arguments)[1]

    def test_translation(self, run, pool, checker):
        """The same tokens, and the same attention to the source."""
        task = {"function": "translate", "num_steps": NUM_STEPS}
        actual = self.run_task(pool, run, checker, **task)
        expected = self.run_task(pool, (checker.reference, TRUTH), checker, **task)
        tokens = expected.pop("tokens")
        assert np.array_equal(actual.pop("tokens"), tokens)
        assert tokens.shape[1] == NUM_STEPS
        assert expected, "no attention was kept"
        expected = {name: rounded_to(run[1], a) for name, a in expected.items()}
        names = (run[0], checker.reference, "attention")
        require(measure_all(names, actual, expected, tolerance("forward", run[1])))

    def test_decoding(self, any_run, pool, oracle_checker):
        """A token by itself gives what it gives among all others."""
        found = self.run_task(pool, any_run, oracle_checker, "decode")
        names = (any_run[0], "all at once", "logits", "step by step")
        pair = found["step by step"], found["together"]
        require([measure(names, *pair, tolerance("forward", any_run[1]))])
