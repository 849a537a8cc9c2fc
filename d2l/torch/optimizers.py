"""Optimizers by name, each with one formula in all frameworks."""

from __future__ import annotations

import inspect

import torch

from d2l.common.errors import InputError


def sgd(model, lr, momentum=0.0, weight_decay=0.0):
    """Stochastic gradient descent; weight decay is added to the gradient (L2)."""
    return torch.optim.SGD(
        model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay
    )


def adam(model, lr, betas=(0.9, 0.999), eps=1e-8):
    """Adam (Kingma and Ba, 2015), eps added to the corrected root."""
    return torch.optim.Adam(model.parameters(), lr=lr, betas=betas, eps=eps)


def drivable(returned):
    """The optimizer and the list of schedulers that `configure_optimizers` returned.

    returned: an optimizer, a pair of an optimizer and a scheduler, or such a pair
        of lists with one each.

    Raises InputError, naming it, for what a training loop cannot drive.
    """
    pair = returned if isinstance(returned, (tuple, list)) else (returned, [])
    optimizers, schedulers = map(_as_list, pair if len(pair) == 2 else (pair, []))
    if len(optimizers) != 1:
        raise InputError(
            f"The trainer drives one optimizer, and not {len(optimizers)}."
        )
    for driven in (*optimizers, *schedulers):
        # The class's: schedulers put a step of their own into the optimizer.
        _, *parameters = inspect.signature(type(driven).step).parameters.values()
        needed = [
            p.name
            for p in parameters
            if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        ]
        if needed:
            raise InputError(
                f"The trainer cannot drive {type(driven).__name__}, whose step needs "
                f"{' and '.join(needed)}."
            )
    return optimizers[0], schedulers


def _as_list(value):
    return list(value) if isinstance(value, (tuple, list)) else [value]
