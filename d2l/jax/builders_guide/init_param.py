"""An initialiser of one's own."""

import jax
import jax.numpy as jnp


class MyInit:
    """Weights uniform in [-10, 10], those below 5 in size set to zero.

    Called as all initialisers of Flax are: `nnx.Linear(4, 8, kernel_init=MyInit(),
    rngs=rngs)`.
    """

    def __call__(self, key, shape, dtype=float):
        """An array of weights."""
        weights = jax.random.uniform(key, shape, dtype, minval=-10, maxval=10)
        return weights * (jnp.abs(weights) >= 5)
