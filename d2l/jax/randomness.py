"""Random keys, and uniform draws for dropout that frameworks can share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp

from d2l.common import mask_stream


class KeySource:
    """An endless supply of independent keys, all from one seed.

    Only a number changes from key to key. A key that was kept and split anew each
    time would become a tracer, for good, as soon as a traced function asks.
    """

    def __init__(self, seed: int = 0):
        self.restart(seed)

    def restart(self, seed: int) -> None:
        """Give the keys of `seed` from now on."""
        self.seed = seed
        self.drawn = 0

    def next_key(self) -> jax.Array:
        """A key that was not given before."""
        self.drawn += 1
        return jax.random.fold_in(jax.random.key(self.seed), self.drawn)


#: Where `get_key` and all default initial weights have their keys from.
KEYS = KeySource()


def uniform(shape, key=None):
    """Numbers in [0, 1): by `key`, or the shared stream's while that is on."""
    stream = mask_stream.active
    if stream is None:
        return jax.random.uniform(KEYS.next_key() if key is None else key, shape)
    shape, layer, loop = tuple(shape), stream.next_layer(), _Loop.active
    number = 0
    if loop is not None:
        number = loop.number
        loop.num_layers += 1
    # `float` is the default precision, whichever that is.
    result = jax.ShapeDtypeStruct(shape, jnp.result_type(float))

    def draw(step, number):
        # All layers of the loop have been counted by the time that numbers are drawn.
        passed = int(number) * loop.num_layers if loop else 0
        return stream.uniform(int(step), layer + passed, shape).astype(result.dtype)

    if any(isinstance(x, jax.core.Tracer) for x in (stream.step, number)):
        # In a compiled step: Python is called back each time the step runs.
        return jax.pure_callback(draw, result, stream.step, number)
    return jnp.asarray(draw(stream.step, number))


class _Loop:
    """A compiled loop, whose body asks the shared stream of masks once for all turns.

    number: of the turn, while the body is traced; num_layers: those that draw in it.
    """

    active: _Loop | None = None

    def __init__(self) -> None:
        self.number: Any = 0
        self.num_layers = 0

    @contextlib.contextmanager
    def turn(self, number: Any) -> Iterator[None]:
        """Layers within the block draw as those of this turn."""
        self.number, self.num_layers = number, 0
        before, _Loop.active = _Loop.active, self
        try:
            yield
        finally:
            _Loop.active = before


@contextlib.contextmanager
def traced_once(num_turns: int) -> Iterator[_Loop]:
    """A loop that is traced within the block; each turn draws masks of its own."""
    loop = _Loop()
    yield loop
    if mask_stream.active is not None:
        # What other turns draw comes before what follows the loop.
        for _ in range((num_turns - 1) * loop.num_layers):
            mask_stream.active.next_layer()


def _shared_dropout(self, inputs, *, deterministic=None, rngs=None):
    if deterministic is None:
        deterministic = self.deterministic
    if deterministic or self.rate == 0:
        return inputs
    shape = [
        1 if axis in self.broadcast_dims else length
        for axis, length in enumerate(inputs.shape)
    ]
    keep = uniform(shape) > self.rate
    return keep * inputs / (1 - self.rate)


@contextlib.contextmanager
def shared_dropout(seed: int) -> Iterator[mask_stream.MaskStream]:
    """Let every dropout layer draw its masks from the shared stream."""
    # Flax takes longer to import than JAX, and `get_key` needs none of it.
    from flax import nnx

    own_call = nnx.Dropout.__call__
    nnx.Dropout.__call__ = _shared_dropout  # type: ignore[method-assign]
    try:
        with mask_stream.shared(seed) as stream:
            yield stream
    finally:
        nnx.Dropout.__call__ = own_call  # type: ignore[method-assign]
