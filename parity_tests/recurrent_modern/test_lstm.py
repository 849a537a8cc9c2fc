"""Long short-term memory."""

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import OneLayer, require_scratch_is_concise


class TestLSTMScratch(OneLayer):
    name = "LSTMScratch"
    num_states = 2
    layer_axis = False

    def step(self, weights):
        return recurrent.lstm_step(recurrent.gathered(weights, "ifco"))


class TestLSTM(OneLayer):
    name = "LSTM"
    num_states = 2

    def step(self, weights):
        return recurrent.lstm_step(recurrent.layer(weights, "rnn."))


def test_scratch(framework, pool):
    """The version from scratch computes the same."""
    require_scratch_is_concise(pool, framework, ("LSTMScratch", "LSTM"), "ifco")
