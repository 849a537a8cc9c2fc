"""Softmax, cross-entropy and accuracy."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def softmax(X: Array) -> Array:
    """Probabilities along the last axis."""
    # The largest is subtracted, which changes nothing but keeps exp finite.
    exponentials = np.exp(X - X.real.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def cross_entropy(probabilities: Array, labels: Array) -> Array:
    """The mean negative log-probability of the labels."""
    return -np.log(probabilities[np.arange(len(labels)), labels]).mean()


def losses_of_logits(logits: Array, labels: Array) -> Array:
    """Each example's cross-entropy: log(sum(exp(logits))) - logit of the label."""
    largest = logits.real.max(-1)
    total = np.exp(logits - largest[:, None]).sum(-1)
    return np.log(total) + largest - logits[np.arange(len(labels)), labels]


def cross_entropy_of_logits(logits: Array, labels: Array) -> Array:
    """The mean of each example's."""
    return losses_of_logits(logits, labels).mean()


def number_right(y_hat: Array, y: Array) -> float:
    """How many predictions are right.

    y_hat: (n, classes), or n labels.
    """
    predicted = y_hat.argmax(-1) if y_hat.ndim > 1 and y_hat.shape[1] > 1 else y_hat
    return float((predicted == y).sum())


def share_right(y_hat: Array, y: Array) -> float:
    """The share of right predictions."""
    return number_right(y_hat, y) / len(y)


def cross_entropy_gradients(
    X: Array, labels: Array, weight: Array, bias: Array
) -> tuple[Array, Array]:
    """By weight, (classes, features), and bias, of softmax regression."""
    one_hot = np.eye(len(weight))[labels]
    error = (softmax(X @ weight.T + bias) - one_hot) / len(X)
    return error.T @ X, error.sum(0)
