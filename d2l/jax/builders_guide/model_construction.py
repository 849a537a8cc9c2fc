"""Ways to put layers together."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import layer_settings, rngs_or_default


class MLP(nnx.Module):
    """A hidden layer of 256 units and an output layer of 10."""

    def __init__(self, *, num_inputs=20, rngs=None):
        settings = layer_settings(rngs)
        self.hidden = nnx.Linear(num_inputs, 256, **settings)
        self.out = nnx.Linear(256, 10, **settings)

    def __call__(self, X):
        """Return (batch, 10).

        X: (batch, num_inputs).
        """
        return self.out(nnx.relu(self.hidden(X)))


class MySequential(nnx.Module):
    """Modules, or functions, applied one after the other."""

    def __init__(self, *args):
        self.num_modules = len(args)
        for index, module in enumerate(args):
            setattr(self, str(index), module)

    def __call__(self, X):
        """The output of the last module."""
        for index in range(self.num_modules):
            X = getattr(self, str(index))(X)
        return X


class FixedHiddenMLP(nnx.Module):
    """A network with constant weights and control flow.

    `rand_weight`: (20, 20).
    """

    def __init__(self, *, num_inputs=20, rngs=None):
        rngs = rngs_or_default(rngs)
        # A variable but no parameter: carried with the model, never trained.
        self.rand_weight = nnx.Variable(jax.random.uniform(rngs.params(), (20, 20)))
        self.linear = nnx.Linear(num_inputs, 20, **layer_settings(rngs))

    def __call__(self, X):
        """Return a scalar.

        X: (batch, num_inputs), 20 of them.
        """
        X = self.linear(X)
        X = nnx.relu(X @ self.rand_weight[...] + 1)
        X = self.linear(X)  # shares its parameters with the first use
        return (X * _halved_to_one(jnp.abs(X).sum())).sum()


def _halved_to_one(total):
    """The factor 1/2 * 1/2 * ... that brings `total` down to 1 or less."""
    # Python's `while` cannot be compiled: it would have to know the total. A
    # loop of unknown length has no gradient, and this factor needs none.
    total = jax.lax.stop_gradient(total)
    halve = lambda both: (both[0] / 2, both[1] / 2)  # noqa: E731
    start = (total, jnp.ones_like(total))
    return jax.lax.while_loop(lambda both: both[0] > 1, halve, start)[1]


class NestMLP(nnx.Module):
    """A sequence within a module."""

    def __init__(self, *, num_inputs=20, rngs=None):
        settings = layer_settings(rngs)
        self.net = nnx.Sequential(
            nnx.Linear(num_inputs, 64, **settings),
            nnx.relu,
            nnx.Linear(64, 32, **settings),
            nnx.relu,
        )
        self.linear = nnx.Linear(32, 16, **settings)

    def __call__(self, X):
        """Return (batch, 16).

        X: (batch, num_inputs).
        """
        return self.linear(self.net(X))
