"""A recurrent network from scratch, and what it writes."""

import numpy as np
import pytest

from d2l import trials
from d2l.common.text.decoding import next_token
from d2l.common.text.texts import only_letters, read_text
from d2l.common.text.vocab import Vocab
from d2l.parity.checks import TRUTH
from d2l.parity.oracles import recurrent
from d2l.trials.observed import select
from parity_tests.recurrent_block import FromState, NoSteps, OneLayer
from parity_tests.workers import run_task

PREFIX = "the clock"
SETTINGS = [{}, {"temperature": 0.8, "rng": 3}]


class TestRNNScratch(OneLayer):
    name = "RNNScratch"
    layer_axis = False

    def step(self, weights):
        return recurrent.rnn_step(recurrent.gathered(weights, "h"))


class TestRNNScratchFromState(FromState, TestRNNScratch):
    """Without an axis for layers."""


class TestRNNScratchOfNoSteps(NoSteps, TestRNNScratchFromState):
    """From the state that is given."""


def write(weights, temperature=0.0, rng=None):
    """What NumPy's model writes after the prefix."""
    tokens = list(only_letters(read_text("small")))
    vocab, rng = Vocab(tokens), np.random.default_rng(rng)
    own = {k.removeprefix("rnn."): v for k, v in weights.items()}
    step = recurrent.rnn_step(recurrent.gathered(own, "h"))
    indices, state = vocab[list(PREFIX)], (np.zeros((1, own["W_hh"].shape[0])),)
    for i in range(len(PREFIX) + 19):
        state = step(np.eye(len(vocab))[[indices[i]]], state)
        if i + 1 == len(indices):
            logits = (state[0] @ own["W_hq"] + own["b_q"])[0]
            indices.append(next_token(logits, temperature, rng))
    return "".join(vocab.to_tokens(indices))


@pytest.mark.parametrize("settings", SETTINGS, ids=["greedy", "sampled"])
def test_predict(framework, pool, checker, settings):
    """The model writes the same text in all frameworks, letter for letter."""
    weights = checker.weights(trials.find("rnn_scratch"))
    task = {"trial": "rnn_scratch", "prefix": PREFIX, "settings": [settings]}
    run = (framework, TRUTH)
    result, _ = run_task(pool, run, "texts", "continued", weights, **task)
    assert result["texts"] == [write(select(weights, "weights"), **settings)]
