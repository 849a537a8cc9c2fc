"""Cross-correlation and pooling of images."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def corr2d(X: Array, K: Array) -> Array:
    """The cross-correlation of two matrices, window by window."""
    h, w = K.shape
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    return np.array(
        [
            [(X[i : i + h, j : j + w] * K).sum() for j in range(columns)]
            for i in range(rows)
        ]
    )


def corr2d_multi_in(X: Array, K: Array) -> Array:
    """Summed over the channels.

    X: (channels, height, width).
    """
    return np.sum([corr2d(x, k) for x, k in zip(X, K, strict=True)], axis=0)


def corr2d_multi_in_out(X: Array, K: Array) -> Array:
    """One output for each of the kernels, K: (outputs, channels, h, w)."""
    return np.stack([corr2d_multi_in(X, k) for k in K])


def pool2d(X: Array, pool_size: tuple[int, int], mode: str = "max") -> Array:
    """The maximum or mean of every window of a matrix."""
    h, w = pool_size
    pick = largest if mode == "max" else np.mean
    rows, columns = X.shape[0] - h + 1, X.shape[1] - w + 1
    return np.array(
        [[pick(X[i : i + h, j : j + w]) for j in range(columns)] for i in range(rows)]
    )


def largest(X: Array) -> Array:
    """The element with the largest real part."""
    return X.reshape(-1)[X.real.argmax()]


def convolution(
    X: Array, K: Array, b: Array, padding: int = 0, stride: int = 1
) -> Array:
    """A convolutional layer on a batch.

    X: (n, channels, height, width).
    K: (outputs, channels, h, w).
    b: (outputs,).
    """
    X = np.pad(X, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    h, w = K.shape[2:]
    rows, columns = X.shape[2] - h + 1, X.shape[3] - w + 1
    Y = b[None, :, None, None]
    for i in range(h):
        for j in range(w):
            window = X[:, :, i : i + rows, j : j + columns]
            # Over the channels; the outputs come last and are moved to the front.
            Y = Y + np.moveaxis(np.tensordot(window, K[:, :, i, j], (1, 1)), 3, 1)
    return Y[:, :, ::stride, ::stride]


def average_pooling(X: Array, size: int) -> Array:
    """The mean of disjoint windows of size x size.

    X: (n, channels, h, w).
    """
    n, c, h, w = X.shape
    windows = X[:, :, : h // size * size, : w // size * size]
    return windows.reshape(n, c, h // size, size, w // size, size).mean((3, 5))
