"""A recurrent neural network of layers with PyTorch's parameters."""

from flax import nnx

from ..layers import layer_settings, rngs_or_default
from ..linear_regression.oo_design import Module
from ..recurrent import RNNLayers
from .rnn_scratch import RNNLMScratch


class RNN(Module):
    """A recurrent layer with tanh, the base class of other recurrent layers."""

    def __init__(self, num_inputs, num_hiddens, *, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        self.rnn = RNNLayers(num_inputs, num_hiddens, rngs=rngs_or_default(rngs))

    def forward(self, inputs, H=None):
        """The hidden state after every step, and the last one of every layer.

        inputs: (num_steps, batch, num_inputs).
        H: (layers, batch, num_hiddens), zeros unless given.

        returns: (num_steps, batch, num_hiddens) and an H.
        """
        return self.rnn(inputs, H)


class RNNLM(RNNLMScratch):
    """The language model with the framework's own output layer."""

    def init_params(self, *, rngs=None):
        """Make the output layer."""
        settings = layer_settings(rngs)
        self.linear = nnx.Linear(self.rnn.num_hiddens, self.vocab_size, **settings)

    def output_layer(self, hiddens):
        """From (num_steps, batch, num_hiddens) to logits, (batch, num_steps, vocab)."""
        return self.linear(hiddens).swapaxes(0, 1)
