"""Draws for dropout and noise, and the stream of them that frameworks can share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import nn

from d2l.common.training import mask_stream

from .recurrent import one_by_one


def uniform(shape, device=None):
    """Numbers in [0, 1): PyTorch's own, or the shared stream's while that is on."""
    return _draw("uniform", torch.rand, shape, device)


def normal(shape, device=None):
    """Standard normal numbers: PyTorch's own, or the stream's while that is on."""
    return _draw("normal", torch.randn, shape, device)


def _draw(distribution, own, shape, device):
    stream = mask_stream.active
    if stream is None:
        return own(shape, device=device)
    numbers = stream.draw(distribution, shape)
    return torch.as_tensor(numbers, dtype=torch.get_default_dtype(), device=device)


def _shared_dropout(self, X):
    if not self.training or self.p == 0:
        return X
    keep = uniform(X.shape, X.device) > self.p
    return keep * X / (1 - self.p)


@contextlib.contextmanager
def shared_dropout(seed: int) -> Iterator[mask_stream.MaskStream]:
    """Let all dropout, also between recurrent layers, draw from the shared stream."""
    own_forward = nn.Dropout.forward
    nn.Dropout.forward = _shared_dropout  # type: ignore[method-assign]
    try:
        with one_by_one(), mask_stream.shared(seed) as stream:
            yield stream
    finally:
        nn.Dropout.forward = own_forward  # type: ignore[method-assign]
