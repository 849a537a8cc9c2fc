"""Declarations: rnn concise."""


class RNN:
    """A recurrent layer of the framework's own."""

    def __init__(self, num_inputs, num_hiddens):
        """How many values a step's input and the hidden state have."""

    def forward(self, inputs, H=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), H."""


class RNNLM:
    """The language model with the framework's own output layer."""

    def init_params(self):
        """Make the output layer."""

    def output_layer(self, hiddens):
        """Hidden states to logits, (batch, num_steps, vocab_size)."""
