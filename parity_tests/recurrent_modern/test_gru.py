"""Gated recurrent units.

The version from scratch and the concise one are different functions (see the
section), so each has an oracle of its own.
"""

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import SIZES, NoSteps, RecurrentBlock, sequences


class TestGRUScratch(RecurrentBlock):
    name = "GRUScratch"

    def outputs(self, weights, X):
        step = recurrent.gru_scratch_step(weights)
        zeros = recurrent.zeros(X, SIZES["num_hiddens"])
        outputs, (H,) = recurrent.run(step, X, (zeros,))
        return {"output.0": outputs, "output.1": H}


class TestGRU(RecurrentBlock):
    name = "GRU"

    def outputs(self, weights, X):
        H = recurrent.zeros(X, SIZES["num_hiddens"])
        return self.from_state(weights, X, H)

    def from_state(self, weights, X, H):
        step = recurrent.gru_step(recurrent.layer(weights, "rnn."))
        outputs, (H,) = recurrent.run(step, X, (H,))
        return {"output.0": outputs, "output.1": H[None]}


class TestGRUFromState(TestGRU):
    def inputs(self, random):
        return [sequences(random), random.standard_normal((1, 2, SIZES["num_hiddens"]))]

    def outputs(self, weights, X, H):
        return self.from_state(weights, X, H[0])


class TestGRUOfNoSteps(NoSteps, TestGRUFromState):
    """From the state that is given."""
