"""Layers of one's own, without and with parameters."""

import torch
from torch import nn
from torch.nn import functional as F


class CenteredLayer(nn.Module):
    """Subtracts the mean of all elements."""

    def forward(self, X):
        """Return the same shape.

        X: any shape.
        """
        return X - X.mean()


class MyLinear(nn.Module):
    """A dense layer with a rectifier: relu(X @ weight + bias)."""

    def __init__(self, in_units, units):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_units, units))
        self.bias = nn.Parameter(torch.randn(units))

    def forward(self, X):
        """Return (batch, units).

        X: (batch, in_units).
        """
        return F.relu(torch.matmul(X, self.weight) + self.bias)


#: The name that the book gives to the same layer in other frameworks.
MyDense = MyLinear
