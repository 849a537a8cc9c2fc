"""Data of a known linear model with noise."""

import jax
import jax.numpy as jnp

from d2l.common.data.synthetic import linear_data

from ..tensor import numpy
from .oo_design import DataModule


class SyntheticRegressionData(DataModule):
    """Inputs X of shape (n, d), standard normal, and labels y = Xw + b + noise, (n, 1).

    w: the true weights, of length d.
    b: the true bias, a number.
    noise: the standard deviation of the noise.
    key: a JAX key to draw inputs and noise by, instead of drawing those that all
        frameworks share.
    """

    def __init__(
        self, w, b, noise=0.01, num_train=1000, num_val=1000, batch_size=32, *, key=None
    ):
        super().__init__()
        self.save_hyperparameters()
        n = num_train + num_val
        seed = self.seed if key is None else int(jax.random.bits(key))
        X, y = linear_data(numpy(w).reshape(-1), float(b), noise, n, seed)
        # `float` is the default precision, whichever that is.
        self.X, self.y = jnp.asarray(X, float), jnp.asarray(y, float)

    def get_dataloader(self, train):
        """Batches (X, y) of the first `num_train` examples, or of the others."""
        indices = slice(0, self.num_train) if train else slice(self.num_train, None)
        return self.get_tensorloader((self.X, self.y), train, indices)
