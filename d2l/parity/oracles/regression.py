"""Linear regression and its losses."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def linreg(X: Array, w: Array, b: Array) -> Array:
    """The linear model.

    X: (n, d), w: (d, 1), b: a number or (1,).
    """
    return X @ w + b


def squared_loss(y_hat: Array, y: Array) -> Array:
    """Half the squared error of every example."""
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def half_mean_squared_loss(y_hat: Array, y: Array) -> Array:
    """The loss of the version from scratch."""
    return squared_loss(y_hat, y).mean()


def mean_squared_loss(y_hat: Array, y: Array) -> Array:
    """The loss of the concise version: twice as much."""
    return ((y_hat - y) ** 2).mean()


def l2_penalty(w: Array) -> Array:
    """Half the squared norm."""
    return (w**2).sum() / 2


def mean_squared_loss_gradients(
    X: Array, y: Array, w: Array, b: Array
) -> tuple[Array, Array]:
    """By w and by b, as they are derived by hand."""
    error = linreg(X, w, b) - y
    return 2 * X.T @ error / len(X), 2 * error.mean(0)
