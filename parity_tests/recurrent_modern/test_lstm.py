"""Long short-term memory."""

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import (
    SIZES,
    RecurrentBlock,
    require_scratch_is_concise,
)


class TestLSTMScratch(RecurrentBlock):
    name = "LSTMScratch"

    def outputs(self, weights, X):
        zeros = recurrent.zeros(X, SIZES["num_hiddens"])
        step = recurrent.lstm_step(recurrent.gathered(weights, "ifco"))
        outputs, (H, C) = recurrent.run(step, X, (zeros, zeros))
        return {"output.0": outputs, "output.1.0": H, "output.1.1": C}


class TestLSTM(RecurrentBlock):
    name = "LSTM"

    def outputs(self, weights, X):
        zeros = recurrent.zeros(X, SIZES["num_hiddens"])
        step = recurrent.lstm_step(recurrent.layer(weights, "rnn."))
        outputs, (H, C) = recurrent.run(step, X, (zeros, zeros))
        return {"output.0": outputs, "output.1.0": H[None], "output.1.1": C[None]}


def test_scratch(framework, pool):
    """The version from scratch computes the same."""
    require_scratch_is_concise(pool, framework, ("LSTMScratch", "LSTM"), "ifco")
