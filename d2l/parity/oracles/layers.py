"""Activations, dropout and layers of one's own."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def relu(X: Array) -> Array:
    """The positive part."""
    return np.where(X.real > 0, X, 0)


def sigmoid(X: Array) -> Array:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-X))


def dense(X: Array, weight: Array, bias: Array) -> Array:
    """A dense layer.

    weight: (outputs, inputs).
    """
    return X @ weight.T + bias


def dropout(X: Array, rate: float, uniform: Array) -> Array:
    """Keep where `uniform`, numbers in [0, 1), exceeds the rate; scale the kept up."""
    if rate == 1:
        return np.zeros_like(X)
    return np.where(uniform > rate, X / (1 - rate), 0)


def centered(X: Array) -> Array:
    """All elements minus their mean."""
    return X - X.sum() / X.size


def my_linear(X: Array, weight: Array, bias: Array) -> Array:
    """relu(X @ weight + bias).

    weight: (inputs, outputs).
    """
    return relu(X @ weight + bias)


def fixed_hidden_mlp(X: Array, rand_weight: Array, weight: Array, bias: Array) -> Array:
    """A dense layer used twice, with constant weights in between."""
    X = dense(X, weight, bias)
    X = relu(X @ rand_weight + 1)
    X = dense(X, weight, bias)
    while np.abs(X.real).sum() > 1:
        X = X / 2
    return X.sum()
