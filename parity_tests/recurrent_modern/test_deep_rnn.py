"""Layers on top of each other."""

import numpy as np

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import SIZES, RecurrentBlock, stacked


def layers_of(weights, count):
    """Those of a concise version."""
    return [recurrent.layer(weights, "rnn.", f"l{i}") for i in range(count)]


class TestStackedRNNScratch(RecurrentBlock):
    name = "StackedRNNScratch"
    arguments = SIZES | {"num_layers": 2}

    def outputs(self, weights, X):
        own = [recurrent.gathered(weights, "h", f"rnns.{i}.") for i in range(2)]
        outputs, states = stacked(map(recurrent.rnn_step, own), X)
        return {"output.0": outputs} | {
            f"output.1.{i}": H for i, (H,) in enumerate(states)
        }


class TestDeepGRU(RecurrentBlock):
    name = "GRU"
    arguments = SIZES | {"num_layers": 2}
    dropout = 0.0

    def outputs(self, weights, X):
        steps = map(recurrent.gru_step, layers_of(weights, 2))
        outputs, states = stacked(steps, X, dropout=self.dropout)
        return {"output.0": outputs, "output.1": np.stack([H for (H,) in states])}


class TestDeepGRUWithDropout(TestDeepGRU):
    dropout = 0.5
    arguments = SIZES | {"num_layers": 2, "dropout": dropout}


class TestDeepLSTMWithDropout(RecurrentBlock):
    name = "LSTM"
    arguments = SIZES | {"num_layers": 3, "dropout": 0.5}

    def outputs(self, weights, X):
        steps = map(recurrent.lstm_step, layers_of(weights, 3))
        zeros = recurrent.zeros(X, SIZES["num_hiddens"])
        outputs, states = stacked(steps, X, 3 * [(zeros, zeros)], dropout=0.5)
        H, C = (np.stack(parts) for parts in zip(*states, strict=True))
        return {"output.0": outputs, "output.1.0": H, "output.1.1": C}
