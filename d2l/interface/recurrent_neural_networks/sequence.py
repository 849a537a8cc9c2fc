"""Declarations: sequence."""


class Data:
    """A noisy sine: a few values and the next one."""

    def __init__(self, batch_size=16, T=1000, num_train=600, tau=4):
        """Make a series.

        T: its length.
        tau: how many values are looked at.
        """

    def get_dataloader(self, train):
        """Batches (X, y)."""


def k_step_pred(model, data, k):
    """Predictions of a series up to `k` steps ahead: (times, k)."""
