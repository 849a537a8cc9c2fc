"""What a model and its parts return, compiled at once and operation by operation."""

import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from d2l import jax as d2l
from d2l.common import trees
from d2l.jax.loops import scan_steps
from d2l.jax.observation import observed, observed_at_once
from d2l.jax.randomness import shared_dropout

X = jnp.arange(12.0).reshape(3, 4)


class Normed(d2l.Module):
    """Batch normalisation, which changes its state, and dropout."""

    def __init__(self):
        super().__init__()
        self.net = nnx.Sequential(
            nnx.Linear(4, 4, rngs=nnx.Rngs(0)),
            nnx.BatchNorm(4, rngs=nnx.Rngs(0)),
            nnx.Dropout(0.5, rngs=nnx.Rngs(0)),
        )


class Looping(d2l.Module):
    """A part that is called within a loop."""

    def __init__(self):
        super().__init__()
        self.part = nnx.Linear(4, 4, rngs=nnx.Rngs(0))

    def forward(self, X):
        def step(part, state, x):
            return state + part(x), state

        return scan_steps(step, self.part, jnp.zeros(4), X)[0]


class Asking(Normed):
    """A step that depends on the values."""

    def forward(self, X):
        H = self.net(X)
        return H if X.sum() > 0 else -H


class Telling(Normed):
    """More than an array."""

    def forward(self, X):
        return {"hidden": [self.net(X), None], "steps": 3}


@pytest.mark.parametrize("cls", [Normed, Looping, Asking, Telling])
def test_both_ways_find_the_same(cls):
    found = []
    for observe in (observed, observed_at_once):
        model = cls()
        model.train()
        with shared_dropout(3):
            first = observe(model, lambda model, X: model(X), X)
            second = observe(model, lambda model, X: model(X), X)
        found.append([*trees.leaves((first, second, nnx.to_pure_dict(state(model))))])
    (paths, values), (others, other_values) = (zip(*f, strict=True) for f in found)
    assert paths == others
    assert any("part" in path or "net" in path for path in paths)
    for value, other in zip(values, other_values, strict=True):
        np.testing.assert_allclose(value, other, rtol=1e-6)


def state(model):
    """What a model learns and what it counts."""
    return nnx.state(model, (nnx.Param, nnx.BatchStat))
