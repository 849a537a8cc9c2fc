"""Declarations: dropout."""


def dropout_layer(X, dropout):
    """Set elements to 0 with probability `dropout`, scale the others up."""


class DropoutMLPScratch:
    """Two hidden layers with dropout, from scratch."""

    def __init__(
        self, num_outputs, num_hiddens_1, num_hiddens_2, dropout_1, dropout_2, lr
    ):
        """Sizes and dropout rates of the hidden layers."""

    def forward(self, X):
        """Images to logits."""


class DropoutMLP:
    """Two hidden layers with dropout, with the framework's own parts."""

    def __init__(
        self, num_outputs, num_hiddens_1, num_hiddens_2, dropout_1, dropout_2, lr
    ):
        """Sizes and dropout rates of the hidden layers."""
