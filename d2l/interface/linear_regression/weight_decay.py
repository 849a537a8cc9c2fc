"""Declarations: weight decay."""


class Data:
    """Few examples of many inputs."""

    def __init__(self, num_train, num_val, num_inputs, batch_size):
        """How many of each."""

    def get_dataloader(self, train):
        """Batches (X, y)."""


def l2_penalty(w):
    """Half the squared norm."""


class WeightDecayScratch:
    """Linear regression with the penalty in the loss."""

    def __init__(self, num_inputs, lambd, lr, sigma=0.01):
        """lambd: the weight of the penalty."""

    def loss(self, y_hat, y):
        """Error and penalty."""


class WeightDecay:
    """Linear regression with weight decay in the optimizer."""

    def __init__(self, wd, lr):
        """wd: the decay."""

    def configure_optimizers(self):
        """SGD that decays the weight and not the bias."""
