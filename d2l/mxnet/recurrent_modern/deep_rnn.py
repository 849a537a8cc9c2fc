"""Recurrent layers on top of each other."""

from mxnet.gluon import nn

from ..linear_regression.oo_design import Module
from ..recurrent_neural_networks.rnn_scratch import RNNScratch
from .gru import GRU

__all__ = ["GRU", "StackedRNNScratch"]


class StackedRNNScratch(Module):
    """Layers from scratch, each reading the hidden states of the one below."""

    def __init__(self, num_inputs, num_hiddens, num_layers, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        sizes = [num_inputs] + [num_hiddens] * (num_layers - 1)
        self.rnns = nn.Sequential()
        self.rnns.add(*[RNNScratch(size, num_hiddens, sigma) for size in sizes])

    def forward(self, inputs, Hs=None):
        """The hidden state of the top layer after every step, and the last of each.

        inputs: (num_steps, batch, num_inputs).
        Hs: a list of (batch, num_hiddens), one for each layer, zeros unless given.

        returns: (num_steps, batch, num_hiddens) and a list like Hs.
        """
        outputs, states = inputs, []
        for rnn, H in zip(self.rnns, Hs or [None] * self.num_layers, strict=True):
            outputs, state = rnn(outputs, H)
            states.append(state)
        return outputs, states
