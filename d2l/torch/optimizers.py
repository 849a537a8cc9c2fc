"""Optimizers by name, each with one formula in all frameworks."""

from __future__ import annotations

import torch


def sgd(model, lr, momentum=0.0, weight_decay=0.0):
    """Stochastic gradient descent; weight decay is added to the gradient (L2)."""
    return torch.optim.SGD(
        model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay
    )


def adam(model, lr, betas=(0.9, 0.999), eps=1e-8):
    """Adam (Kingma and Ba, 2015), eps added to the corrected root."""
    return torch.optim.Adam(model.parameters(), lr=lr, betas=betas, eps=eps)
