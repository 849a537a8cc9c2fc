"""Cross-correlation in two dimensions and a layer made of it."""

import torch
from torch import nn


def corr2d(X, K):
    """The cross-correlation of X, (height, width), with the kernel K."""
    h, w = K.shape
    windows = X.unfold(0, h, 1).unfold(1, w, 1)  # (rows, columns, h, w)
    return (windows * K).sum((2, 3))


class Conv2D(nn.Module):
    """A convolution of one channel: cross-correlation plus a bias."""

    def __init__(self, kernel_size):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(kernel_size))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, X):
        """Return (height - h + 1, width - w + 1).

        X: (height, width).
        """
        return corr2d(X, self.weight) + self.bias
