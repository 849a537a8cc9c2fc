"""Declarations: bi rnn."""


class BiRNNScratch:
    """Two recurrent layers from scratch, in opposite directions."""

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        """num_hiddens: of each direction."""

    def forward(self, inputs, Hs=None):
        """Both layers' hidden states, and where each of them ends."""


class BiGRU:
    """A GRU layer in both directions of the framework's own."""

    def __init__(self, num_inputs, num_hiddens):
        """num_hiddens: of each direction."""
