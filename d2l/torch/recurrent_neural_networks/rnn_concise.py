"""A recurrent neural network of the framework's own layer."""

from torch import nn

from .. import recurrent
from ..linear_regression.oo_design import Module
from .rnn_scratch import RNNLMScratch


class RNN(Module):
    """A recurrent layer with tanh, the base class of other recurrent layers."""

    def __init__(self, num_inputs, num_hiddens):
        super().__init__()
        self.save_hyperparameters()
        self.rnn = recurrent.RNN(num_inputs, num_hiddens)

    def forward(self, inputs, H=None):
        """The hidden state after every step, and the last one of every layer.

        inputs: (num_steps, batch, num_inputs).
        H: (layers, batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an H.
        """
        return self.rnn(inputs, H)


class RNNLM(RNNLMScratch):
    """The language model with the framework's own output layer."""

    def init_params(self):
        """Make the output layer."""
        self.linear = nn.LazyLinear(self.vocab_size)

    def output_layer(self, hiddens):
        """From (num_steps, batch, num_hiddens) to logits, (batch, num_steps, vocab)."""
        return self.linear(hiddens).swapaxes(0, 1)
