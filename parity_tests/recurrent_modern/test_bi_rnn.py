"""Layers in both directions."""

import numpy as np

from d2l.parity.oracles import recurrent
from parity_tests.recurrent_block import SIZES, RecurrentBlock


def both_directions(steps, X):
    """Outputs side by side, and the last H of each direction."""
    zeros = recurrent.zeros(X, SIZES["num_hiddens"])
    forwards, (f_H,) = recurrent.run(steps[0], X, (zeros,))
    backwards, (b_H,) = recurrent.run(steps[1], X[::-1], (zeros,))
    return np.concatenate([forwards, backwards[::-1]], axis=-1), (f_H, b_H)


class TestBiRNNScratch(RecurrentBlock):
    name = "BiRNNScratch"

    def outputs(self, weights, X):
        layers = [recurrent.gathered(weights, "h", f"{d}_rnn.") for d in "fb"]
        steps = [recurrent.rnn_step(own) for own in layers]
        outputs, (f_H, b_H) = both_directions(steps, X)
        return {"output.0": outputs, "output.1.0": f_H, "output.1.1": b_H}


class TestBiGRU(RecurrentBlock):
    name = "BiGRU"

    def outputs(self, weights, X):
        suffixes = ("l0", "l0_reverse")
        layers = [recurrent.layer(weights, "rnn.", suffix) for suffix in suffixes]
        steps = [recurrent.gru_step(own) for own in layers]
        outputs, states = both_directions(steps, X)
        return {"output.0": outputs, "output.1": np.stack(states)}
