"""Draws for dropout and noise, and the stream of them that frameworks can share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import mxnet as mx
import numpy as onp
from mxnet import autograd, np
from mxnet.gluon import nn

from d2l.common.training import mask_stream

from .precision import default_dtype


def uniform(shape, ctx=None):
    """Numbers in [0, 1): MXNet's own, or the shared stream's while that is on."""
    return _draw("uniform", np.random.uniform, shape, ctx)


def normal(shape, ctx=None):
    """Standard normal numbers: MXNet's own, or the stream's while that is on."""
    return _draw("normal", np.random.normal, shape, ctx)


def _draw(distribution, own, shape, ctx):
    stream, dtype = mask_stream.active, default_dtype()
    if stream is None:
        # Between 0 and 1, and of mean 0 and deviation 1.
        return own(0, 1, shape, dtype=dtype, ctx=ctx)
    return np.array(stream.draw(distribution, shape), dtype=dtype, ctx=ctx)


def draw_seed() -> int:
    """A seed, drawn by MXNet's own generator."""
    return int(np.random.randint(2**31 - 1, size=()))


def seed_epoch(seed: int, epoch: int) -> None:
    """Seed MXNet's generators by a number that no other epoch has."""
    (mixed,) = onp.random.SeedSequence((seed, epoch)).generate_state(1)
    # MXNet takes 31 bits.
    mx.random.seed(int(mixed >> 1))


def _shared_dropout(self, F, x):
    if not autograd.is_training() or self._rate == 0:
        return x
    # Along some axes one number may decide for all.
    shape = [1 if i in self._axes else n for i, n in enumerate(x.shape)]
    keep = uniform(shape, x.ctx) > self._rate
    return keep.astype(x.dtype) * x / (1 - self._rate)


@contextlib.contextmanager
def shared_dropout(seed: int) -> Iterator[mask_stream.MaskStream]:
    """Let every dropout layer draw its masks from the shared stream.

    Only layers that are not part of a compiled graph can: the trainer leaves
    models as they are meanwhile.
    """
    own_forward = nn.Dropout.hybrid_forward
    nn.Dropout.hybrid_forward = _shared_dropout
    try:
        with mask_stream.shared(seed) as stream:
            yield stream
    finally:
        nn.Dropout.hybrid_forward = own_forward
