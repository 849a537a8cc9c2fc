"""Random keys, and draws for dropout and noise that frameworks can share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import jax
import jax.numpy as jnp

from d2l.common.training import mask_stream


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

    @contextlib.contextmanager
    def again(self, began: dict[str, tuple[int, int]], name: str) -> Iterator[None]:
        """Give the keys that came the first time in a block of this name.

        began: where each block's keys began, to be kept by the caller.
        """
        here = self.seed, self.drawn
        is_first = name not in began
        self.seed, self.drawn = began.setdefault(name, here)
        try:
            yield
        finally:
            if not is_first:
                self.seed, self.drawn = here


#: Where `get_key` and all default initial weights have their keys from.
KEYS = KeySource()


def uniform(shape, key=None):
    """Numbers in [0, 1): by `key`, or the shared stream's while that is on."""
    return _draw("uniform", jax.random.uniform, shape, key)


def normal(shape, key=None):
    """Standard normal numbers: by `key`, or the stream's while that is on."""
    return _draw("normal", jax.random.normal, shape, key)


def _draw(distribution, own, shape, key):
    stream = mask_stream.active
    if stream is None:
        return own(KEYS.next_key() if key is None else key, shape)
    turn, numbers = stream.next_draw(distribution)
    # `float` is the default precision, whichever that is.
    result = jax.ShapeDtypeStruct(tuple(shape), jnp.result_type(float))

    def draw(step, turn):
        return numbers(step, turn, result.shape).astype(result.dtype)

    if any(isinstance(x, jax.core.Tracer) for x in (stream.step, turn)):
        # In a compiled step: Python is called back each time the step runs.
        return jax.pure_callback(draw, result, stream.step, turn)
    return jnp.asarray(draw(stream.step, turn))


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
