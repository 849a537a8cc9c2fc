"""A generator and a discriminator of points, their losses, and their training."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from d2l.common.training.mask_stream import MaskStream
from d2l.parity.oracles.differentiate import gradient
from d2l.parity.oracles.layers import dense
from d2l.parity.oracles.optimizers import Arrays, adam

Array = np.ndarray


def generator(weights: Arrays, Z: Array) -> Array:
    """A linear map of noise."""
    return dense(Z, weights["net.0.weight"], weights["net.0.bias"])


def discriminator(weights: Arrays, X: Array) -> Array:
    """The logits of points: two hidden layers with tanh."""
    for path in ("net.0", "net.2"):
        X = np.tanh(dense(X, weights[f"{path}.weight"], weights[f"{path}.bias"]))
    return dense(X, weights["net.4.weight"], weights["net.4.bias"])


def binary_cross_entropy(logits: Array, label: float) -> Array:
    """The mean of -log p, where p is the probability of the label, 0 or 1."""
    # log(1 + exp(x)) from the side on which nothing overflows.
    positive = np.where(logits.real > 0, logits, 0)
    negative = np.where(logits.real > 0, -logits, logits)
    return (positive + np.log1p(np.exp(negative)) - label * logits).mean()


def loss_D(D: Arrays, G: Arrays, X: Array, Z: Array) -> Array:
    """The discriminator's: real points are 1, generated ones 0, half of each."""
    real, fake = discriminator(D, X), discriminator(D, generator(G, Z))
    return (binary_cross_entropy(real, 1) + binary_cross_entropy(fake, 0)) / 2


def loss_G(G: Arrays, D: Arrays, Z: Array) -> Array:
    """The generator's: generated points should be 1."""
    return binary_cross_entropy(discriminator(D, generator(G, Z)), 1)


def gradients(
    loss: Callable[..., Array], weights: Arrays, *others: Arrays | Array
) -> Arrays:
    """Of a loss by all weights, which are its first argument."""
    names = list(weights)

    def of_values(*values: Array) -> Array:
        return loss(dict(zip(names, values, strict=True)), *others)

    values = list(weights.values())
    return {name: gradient(of_values, values, i) for i, name in enumerate(names)}


def train(
    D: Arrays,
    G: Arrays,
    batches: Sequence[Array],
    stream: MaskStream,
    lr_D: float,
    lr_G: float,
) -> Arrays:
    """In turns by Adam, with noise of as many dimensions as the data.

    returns: the losses as `curve.*`, and the weights as `parameter.D.*` and so on.
    """
    D, G = dict(D), dict(G)
    step_D, step_G = adam(lr_D), adam(lr_G)
    state_D: Arrays = {}
    state_G: Arrays = {}
    losses = []
    for X in batches:
        Z = stream.draw("normal", X.shape)
        value_D = loss_D(D, G, X, Z)
        step_D(D, gradients(loss_D, D, G, X, Z), state_D)
        losses.append((value_D, loss_G(G, D, Z)))
        step_G(G, gradients(loss_G, G, D, Z), state_G)
    curves = zip(("curve.loss_D", "curve.loss_G"), np.array(losses).T, strict=True)
    found = {f"parameter.D.{name}": w for name, w in D.items()}
    return dict(curves) | found | {f"parameter.G.{name}": w for name, w in G.items()}
