"""A recurrent network of the framework's own layer."""

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import (
    SIZES,
    NoSteps,
    RecurrentBlock,
    require_scratch_is_concise,
    sequences,
)


class TestRNN(RecurrentBlock):
    name = "RNN"

    def outputs(self, weights, X):
        H = recurrent.zeros(X, SIZES["num_hiddens"])
        return self.from_state(weights, X, H)

    def from_state(self, weights, X, H):
        step = recurrent.rnn_step(recurrent.layer(weights, "rnn."))
        outputs, (H,) = recurrent.run(step, X, (H,))
        return {"output.0": outputs, "output.1": H[None]}


class TestRNNFromState(TestRNN):
    def inputs(self, random):
        return [sequences(random), random.standard_normal((1, 2, SIZES["num_hiddens"]))]

    def outputs(self, weights, X, H):
        return self.from_state(weights, X, H[0])


class TestRNNOfNoSteps(NoSteps, TestRNNFromState):
    """From the state that is given."""


def test_scratch(framework, pool):
    """The version from scratch computes the same."""
    require_scratch_is_concise(pool, framework, ("RNNScratch", "RNN"), "h")
