"""Data of a known linear model with noise."""

from d2l.common.data.synthetic import linear_data

from ..loaders import as_tensor
from ..tensor import numpy
from .oo_design import DataModule


class SyntheticRegressionData(DataModule):
    """Inputs X of shape (n, d), standard normal, and labels y = Xw + b + noise, (n, 1).

    w: the true weights, of length d.
    b: the true bias, a number.
    noise: the standard deviation of the noise.
    """

    def __init__(self, w, b, noise=0.01, num_train=1000, num_val=1000, batch_size=32):
        super().__init__()
        self.save_hyperparameters()
        n = num_train + num_val
        X, y = linear_data(numpy(w).reshape(-1), float(b), noise, n, self.seed)
        self.X, self.y = as_tensor(X), as_tensor(y)

    def get_dataloader(self, train):
        """Batches (X, y) of the first `num_train` examples, or of the others."""
        indices = slice(0, self.num_train) if train else slice(self.num_train, None)
        return self.get_tensorloader((self.X, self.y), train, indices)
