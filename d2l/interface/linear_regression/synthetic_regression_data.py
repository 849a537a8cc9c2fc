"""Declarations: synthetic regression data."""


class SyntheticRegressionData:
    """Data of a linear model with noise."""

    def __init__(self, w, b, noise=0.01, num_train=1000, num_val=1000, batch_size=32):
        """The true parameters, and how many examples."""

    def get_dataloader(self, train):
        """Batches (X, y)."""
