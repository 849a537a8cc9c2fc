"""Layers on top of each other."""

import numpy as np

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import SIZES, RecurrentBlock, dropped


class TestStackedRNNScratch(RecurrentBlock):
    name = "StackedRNNScratch"
    arguments = SIZES | {"num_layers": 2}

    def outputs(self, weights, X):
        found = {}
        for i in range(2):
            own = recurrent.gathered(weights, "h", f"rnns.{i}.")
            zeros = recurrent.zeros(X, SIZES["num_hiddens"])
            X, (H,) = recurrent.run(recurrent.rnn_step(own), X, (zeros,))
            found[f"output.1.{i}"] = H
        return {"output.0": X} | found


class TestDeepGRU(RecurrentBlock):
    name = "GRU"
    arguments = SIZES | {"num_layers": 2}

    def outputs(self, weights, X):
        states = []
        for i in range(2):
            own = recurrent.layer(weights, "rnn.", f"l{i}")
            zeros = recurrent.zeros(X, SIZES["num_hiddens"])
            X = self.between_layers(X) if i else X
            X, (H,) = recurrent.run(recurrent.gru_step(own), X, (zeros,))
            states.append(H)
        return {"output.0": X, "output.1": np.stack(states)}

    def between_layers(self, X):
        return X


class TestDeepGRUWithDropout(TestDeepGRU):
    arguments = SIZES | {"num_layers": 2, "dropout": 0.5}

    def between_layers(self, X):
        return dropped(X, 0.5, number=0)


class TestDeepLSTMWithDropout(RecurrentBlock):
    name = "LSTM"
    arguments = SIZES | {"num_layers": 3, "dropout": 0.5}

    def outputs(self, weights, X):
        states = []
        for i in range(3):
            own = recurrent.layer(weights, "rnn.", f"l{i}")
            zeros = recurrent.zeros(X, SIZES["num_hiddens"])
            X = dropped(X, 0.5, number=i - 1) if i else X
            X, state = recurrent.run(recurrent.lstm_step(own), X, (zeros, zeros))
            states.append(state)
        H, C = (np.stack(parts) for parts in zip(*states, strict=True))
        return {"output.0": X, "output.1.0": H, "output.1.1": C}
