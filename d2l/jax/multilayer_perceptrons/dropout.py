"""Dropout (Srivastava et al., 2014), from scratch and concise."""

import jax.numpy as jnp
from flax import nnx

from ..layers import flatten, layer_settings, rngs_or_default
from ..linear_classification.classification import Classifier
from ..randomness import uniform


def dropout_layer(X, dropout, key=None):
    """Set each element to 0 with probability `dropout`; scale the others up.

    key: decides which; without one, a fresh key does. A compiled function must be
    given a key, or it keeps the one of the time when it was compiled.
    """
    if not 0 <= dropout <= 1:
        raise ValueError(f"dropout must be a probability, not {dropout}")
    if dropout == 1:
        return jnp.zeros_like(X)
    mask = (uniform(X.shape, key) > dropout).astype(X.dtype)
    return mask * X / (1.0 - dropout)


class DropoutMLPScratch(Classifier):
    """A multilayer perceptron with dropout after each of its two hidden layers."""

    def __init__(
        self,
        num_outputs,
        num_hiddens_1,
        num_hiddens_2,
        dropout_1,
        dropout_2,
        lr,
        *,
        num_inputs=784,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        self.rngs = rngs_or_default(rngs)
        settings = layer_settings(self.rngs)
        self.lin1 = nnx.Linear(num_inputs, num_hiddens_1, **settings)
        self.lin2 = nnx.Linear(num_hiddens_1, num_hiddens_2, **settings)
        self.lin3 = nnx.Linear(num_hiddens_2, num_outputs, **settings)
        self.relu = nnx.relu
        self.deterministic = False  # train() and eval() set it, as in nnx.Dropout

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...).
        """
        H1 = self.relu(self.lin1(X.reshape((X.shape[0], -1))))
        if not self.deterministic:  # dropout is for training only
            H1 = dropout_layer(H1, self.dropout_1, self.rngs.dropout())
        H2 = self.relu(self.lin2(H1))
        if not self.deterministic:
            H2 = dropout_layer(H2, self.dropout_2, self.rngs.dropout())
        return self.lin3(H2)


class DropoutMLP(Classifier):
    """The same network of the framework's own layers."""

    def __init__(
        self,
        num_outputs,
        num_hiddens_1,
        num_hiddens_2,
        dropout_1,
        dropout_2,
        lr,
        *,
        num_inputs=784,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        settings = layer_settings(rngs)
        self.net = nnx.Sequential(
            flatten,
            nnx.Linear(num_inputs, num_hiddens_1, **settings),
            nnx.relu,
            nnx.Dropout(dropout_1, rngs=rngs),
            nnx.Linear(num_hiddens_1, num_hiddens_2, **settings),
            nnx.relu,
            nnx.Dropout(dropout_2, rngs=rngs),
            nnx.Linear(num_hiddens_2, num_outputs, **settings),
        )
