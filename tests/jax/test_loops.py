"""Loops over time in compiled functions draw as the same steps one by one do."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from d2l.common.training import mask_stream
from d2l.jax.loops import scan_steps
from d2l.jax.randomness import shared_dropout, uniform

NUM_STEPS = 4


class Layers(nnx.Module):
    """Two layers of dropout in each step, and one before and after all of them."""

    def __init__(self):
        self.dropout = nnx.Dropout(0.5, rngs=nnx.Rngs(0))
        self.kept = nnx.data(None)

    def __call__(self, X):
        def step(layers, total, x):
            layers.kept = layers.dropout(layers.dropout(x))
            return total + layers.kept, (layers.kept, x)

        total, outputs = scan_steps(step, self, jnp.zeros(8), self.dropout(X))
        return self.dropout(total), outputs


def compiled(layers, X):
    graph, state = nnx.split(layers)
    return jax.jit(lambda state, X: nnx.merge(graph, state)(X))(state, X)


@pytest.mark.parametrize("deterministic", [False, True])
def test_masks_of_the_shared_stream(deterministic):
    X = jnp.arange(1.0, 1 + NUM_STEPS * 8).reshape(NUM_STEPS, 8)
    found, next_draws = [], []
    for run in (Layers.__call__, compiled):
        layers = Layers()
        layers.dropout.deterministic = deterministic
        with shared_dropout(7):
            found.append(run(layers, X))
            next_draws.append(uniform((3,)))
    assert jax.tree.all(jax.tree.map(np.array_equal, *found))
    assert np.array_equal(*next_draws)
    # Which is the last of eleven layers, unless none of the others draws.
    last = 0 if deterministic else 2 + 2 * NUM_STEPS
    numbers = mask_stream.MaskStream(7).uniform(0, last, (3,))
    assert np.array_equal(next_draws[0], numbers)


def test_every_step_draws_anew():
    layers, X = Layers(), jnp.ones((NUM_STEPS, 8))
    _, (kept, _) = nnx.jit(lambda layers, X: layers(X))(layers, X)
    assert len({row.tobytes() for row in np.asarray(kept)}) == NUM_STEPS
    # The streams go on where the loop has left them: one layer before it, two
    # layers in each step, one after it.
    assert layers.dropout.rngs.count[...] == 2 + 2 * NUM_STEPS


def test_gradients_pass_through_a_loop():
    layers, X = Layers(), jnp.ones((NUM_STEPS, 8))
    layers.eval()
    gradient = jax.jit(jax.grad(lambda X: compiled(layers, X)[0].sum()))(X)
    assert np.array_equal(gradient, X)
