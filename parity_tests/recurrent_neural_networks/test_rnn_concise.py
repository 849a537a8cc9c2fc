"""A recurrent network of the framework's own layer."""

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import (
    FromState,
    NoSteps,
    OneLayer,
    require_scratch_is_concise,
)


class TestRNN(OneLayer):
    name = "RNN"

    def step(self, weights):
        return recurrent.rnn_step(recurrent.layer(weights, "rnn."))


class TestRNNFromState(FromState, TestRNN):
    """One for the layer."""


class TestRNNOfNoSteps(NoSteps, TestRNNFromState):
    """From the state that is given."""


def test_scratch(framework, pool):
    """The version from scratch computes the same."""
    require_scratch_is_concise(pool, framework, ("RNNScratch", "RNN"), "h")
