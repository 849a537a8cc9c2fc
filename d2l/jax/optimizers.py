"""Optimizers by name, each with one formula in all frameworks."""

from __future__ import annotations

import optax


def sgd(model, lr, momentum=0.0, weight_decay=0.0):
    """Stochastic gradient descent; weight decay is added to the gradient (L2)."""
    # Momentum 0 would keep a buffer that changes nothing.
    descent = optax.sgd(lr, momentum=momentum or None)
    if not weight_decay:
        return descent
    return optax.chain(optax.add_decayed_weights(weight_decay), descent)


def adam(model, lr, betas=(0.9, 0.999), eps=1e-8):
    """Adam (Kingma and Ba, 2015), eps added to the corrected root."""
    # eps_root would be added within the root.
    return optax.adam(lr, b1=betas[0], b2=betas[1], eps=eps, eps_root=0.0)
