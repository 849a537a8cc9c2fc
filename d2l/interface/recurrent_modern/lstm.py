"""Declarations: lstm."""


class LSTMScratch:
    """An LSTM layer from scratch."""

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, inputs, H_C=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), (H, C)."""


class LSTM:
    """LSTM layers of the framework's own."""

    def __init__(self, num_inputs, num_hiddens, num_layers=1, dropout=0):
        """dropout: between layers."""

    def forward(self, inputs, H_C=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), (H, C)."""
