"""Declarations: deep rnn."""


class StackedRNNScratch:
    """Recurrent layers from scratch on top of each other."""

    def __init__(self, num_inputs, num_hiddens, num_layers, sigma=0.01):
        """num_layers: how many."""

    def forward(self, inputs, Hs=None):
        """The top layer's hidden states, and the last of each layer."""
