"""Convolutions with several input and output channels."""

import torch

from .conv_layer import corr2d


def corr2d_multi_in(X, K):
    """Return (rows, columns).

    X: (channels, height, width), K: (channels, h, w).
    """
    return sum(corr2d(x, k) for x, k in zip(X, K, strict=True))


def corr2d_multi_in_out(X, K):
    """Return (outputs, rows, columns).

    K: (outputs, channels, h, w).
    """
    return torch.stack([corr2d_multi_in(X, k) for k in K], 0)


def corr2d_multi_in_out_1x1(X, K):
    """The same for kernels of one pixel, K: (outputs, channels, 1, 1)."""
    c_i, h, w = X.shape
    c_o = K.shape[0]
    Y = torch.matmul(K.reshape((c_o, c_i)), X.reshape((c_i, h * w)))
    return Y.reshape((c_o, h, w))
