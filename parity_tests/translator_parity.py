"""The checks of translators, as classes to inherit from."""

import numpy as np

from d2l import trials
from d2l.parity.checks import TRUTH, require
from d2l.parity.measure import measure, measure_all, rounded_to
from d2l.parity.tolerances import tolerance
from parity_tests.decoding_parity import NOISE, trained_weights
from parity_tests.trial_parity import TrialParity
from parity_tests.workers import run_task

NUM_STEPS = 6


#: Of several lengths; of one there is the end alone, in one an unknown word.
SENTENCES = [
    "",
    "Wait for me, please.",
    "We live near the school.",
    "The zebra is very big.",
]
BEAM_SIZE = 3


class SearchParity(TrialParity):
    """What trials are checked for, and what a trained translator finds."""

    def search(self, pool, run, checker, noise=0):
        """The tokens of each sentence, by the way they were searched for."""
        weights = trained_weights(checker, self.trial, steps=250)
        task = {"trial": self.trial, "sentences": SENTENCES, "noise": noise}
        task |= {"num_steps": NUM_STEPS, "beam_size": BEAM_SIZE}
        return run_task(pool, run, "decoding", "search", weights, **task)[0]

    def test_search(self, any_run, pool, checker):
        """The same translations, greedy and by beams, with and without a state."""
        found = self.search(pool, any_run, checker)
        assert found == self.search(pool, (checker.reference, TRUTH), checker)
        # A sentence does not depend on the others of its batch.
        assert found["one by one"] == found["together"]
        assert found["beam without state"] == found["beam"]

    def test_search_is_clear(self, pool, checker):
        """No translation hangs on a tie; beams find others than the greedy ones."""
        run = checker.reference, TRUTH
        found = self.search(pool, run, checker)
        for noise in (NOISE, -NOISE):
            assert self.search(pool, run, checker, noise=noise) == found
        assert len({tuple(tokens) for tokens in found["beam"]}) > 2
        pairs = zip(found["together"], found["beam"], strict=True)
        assert any(greedy[: len(beam)] != beam for greedy, beam in pairs)


class TranslatorParity(SearchParity):
    """The same of translators with attention, and what they attend to."""

    def run_task(self, pool, run, checker, function, **arguments):
        """A task of tasks/generation.py with the weights all frameworks start from."""
        weights = checker.weights(trials.find(self.trial))
        arguments |= {"trial": self.trial}
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
