"""Weight decay: a penalty on the squared norm of the weights."""

import jax
import jax.numpy as jnp
import optax

from d2l.common.data.synthetic import linear_data

from .linear_regression_concise import LinearRegression
from .linear_regression_scratch import LinearRegressionScratch
from .oo_design import DataModule


class Data(DataModule):
    """Few examples of many inputs, easy to overfit: y = 0.05 + 0.01 sum(x) + noise."""

    def __init__(self, num_train, num_val, num_inputs, batch_size):
        super().__init__()
        self.save_hyperparameters()
        n = num_train + num_val
        self.w, self.b = jnp.ones((num_inputs, 1)) * 0.01, 0.05
        true_w = [0.01] * num_inputs
        X, y = linear_data(true_w, self.b, noise=0.01, num_examples=n, seed=self.seed)
        # `float` is the default precision, whichever that is.
        self.X, self.y = jnp.asarray(X, float), jnp.asarray(y, float)

    def get_dataloader(self, train):
        """Batches (X, y) of the first `num_train` examples, or of the others."""
        indices = slice(0, self.num_train) if train else slice(self.num_train, None)
        return self.get_tensorloader([self.X, self.y], train, indices)


def l2_penalty(w):
    """Half the squared norm of `w`."""
    return (w**2).sum() / 2


class WeightDecayScratch(LinearRegressionScratch):
    """Linear regression whose loss holds the penalty, `lambd` times."""

    def __init__(self, num_inputs, lambd, lr, sigma=0.01, *, rngs=None):
        super().__init__(num_inputs, lr, sigma, rngs=rngs)
        self.save_hyperparameters(ignore=["rngs"])

    def loss(self, y_hat, y):
        """The squared error and the penalty."""
        return super().loss(y_hat, y) + self.lambd * l2_penalty(self.w[...])


class WeightDecay(LinearRegression):
    """Linear regression whose optimizer decays the weight (not the bias) by `wd`."""

    def __init__(self, wd, lr, *, num_inputs=200, rngs=None):
        super().__init__(num_inputs, lr, rngs=rngs)
        self.save_hyperparameters(ignore=["rngs"])
        self.wd = wd

    def configure_optimizers(self):
        """SGD that adds `wd` times the weight to its gradient."""
        decay = optax.add_decayed_weights(self.wd)
        return optax.chain(optax.masked(decay, _is_matrix), optax.sgd(self.lr))


def _is_matrix(params):
    """True for each weight, False for each bias, in the structure of `params`."""
    return jax.tree.map(lambda parameter: parameter.ndim > 1, params)
