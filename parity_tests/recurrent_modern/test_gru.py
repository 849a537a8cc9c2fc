"""Gated recurrent units.

The version from scratch and the concise one are different functions (see the
section), so each has an oracle of its own.
"""

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import FromState, NoSteps, OneLayer


class TestGRUScratch(OneLayer):
    name = "GRUScratch"
    layer_axis = False

    def step(self, weights):
        return recurrent.gru_scratch_step(weights)


class TestGRU(OneLayer):
    name = "GRU"

    def step(self, weights):
        return recurrent.gru_step(recurrent.layer(weights, "rnn."))


class TestGRUFromState(FromState, TestGRU):
    """One for the layer."""


class TestGRUOfNoSteps(NoSteps, TestGRUFromState):
    """From the state that is given."""
