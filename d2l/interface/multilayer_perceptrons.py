"""Declarations: multilayer perceptrons, dropout, house prices."""


def relu(X):
    """The positive part."""


class MLPScratch:
    """A multilayer perceptron from scratch."""

    def __init__(self, num_inputs, num_outputs, num_hiddens, lr, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, X):
        """Images to logits."""


class MLP:
    """A multilayer perceptron with the framework's own parts."""

    def __init__(self, num_outputs, num_hiddens, lr):
        """One hidden layer."""


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


class KaggleHouse:
    """House prices."""

    def __init__(self, batch_size, train=None, val=None):
        """train, val: tables that are already preprocessed."""

    def preprocess(self):
        """Standardise numbers and encode categories."""

    def get_dataloader(self, train):
        """Batches (X, y), y the logarithm of the price."""


def k_fold_data(data, k):
    """A data module for each fold."""


def k_fold(trainer, data, k, lr):
    """A linear model for each fold."""
