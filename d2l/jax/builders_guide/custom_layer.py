"""Layers of one's own, without and with parameters."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import rngs_or_default


class CenteredLayer(nnx.Module):
    """Subtracts the mean of all elements."""

    def __call__(self, X):
        """Return the same shape.

        X: any shape.
        """
        return X - X.mean()


class MyLinear(nnx.Module):
    """A dense layer with a rectifier: relu(X @ weight + bias)."""

    def __init__(self, in_units, units, *, rngs=None):
        rngs = rngs_or_default(rngs)
        self.weight = nnx.Param(jax.random.normal(rngs.params(), (in_units, units)))
        self.bias = nnx.Param(jax.random.normal(rngs.params(), (units,)))

    def __call__(self, X):
        """Return (batch, units).

        X: (batch, in_units).
        """
        return nnx.relu(jnp.matmul(X, self.weight[...]) + self.bias[...])


#: The name that the book gives to the same layer in other frameworks.
MyDense = MyLinear
