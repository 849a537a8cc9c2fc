"""Weight decay: a penalty on the squared norm of the weights."""

import torch

from d2l.common.data.synthetic import linear_data

from ..loaders import as_tensor
from .linear_regression_concise import LinearRegression
from .linear_regression_scratch import LinearRegressionScratch
from .oo_design import DataModule


class Data(DataModule):
    """Few examples of many inputs, easy to overfit: y = 0.05 + 0.01 sum(x) + noise."""

    def __init__(self, num_train, num_val, num_inputs, batch_size):
        super().__init__()
        self.save_hyperparameters()
        n = num_train + num_val
        self.w, self.b = torch.ones((num_inputs, 1)) * 0.01, 0.05
        true_w = [0.01] * num_inputs
        X, y = linear_data(true_w, self.b, noise=0.01, num_examples=n, seed=self.seed)
        self.X, self.y = as_tensor(X), as_tensor(y)

    def get_dataloader(self, train):
        """Batches (X, y) of the first `num_train` examples, or of the others."""
        indices = slice(0, self.num_train) if train else slice(self.num_train, None)
        return self.get_tensorloader([self.X, self.y], train, indices)


def l2_penalty(w):
    """Half the squared norm of `w`."""
    return (w**2).sum() / 2


class WeightDecayScratch(LinearRegressionScratch):
    """Linear regression whose loss holds the penalty, `lambd` times."""

    def __init__(self, num_inputs, lambd, lr, sigma=0.01):
        super().__init__(num_inputs, lr, sigma)
        self.save_hyperparameters()

    def loss(self, y_hat, y):
        """The squared error and the penalty."""
        return super().loss(y_hat, y) + self.lambd * l2_penalty(self.w)


class WeightDecay(LinearRegression):
    """Linear regression whose optimizer decays the weight (not the bias) by `wd`."""

    def __init__(self, wd, lr):
        super().__init__(lr)
        self.save_hyperparameters()
        self.wd = wd

    def configure_optimizers(self):
        """SGD that adds `wd` times the weight to its gradient."""
        return torch.optim.SGD(
            [
                {"params": self.net.weight, "weight_decay": self.wd},
                {"params": self.net.bias},
            ],
            lr=self.lr,
        )
