"""Ways to put layers together."""

import torch
from torch import nn
from torch.nn import functional as F


class MLP(nn.Module):
    """A hidden layer of 256 units and an output layer of 10."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.LazyLinear(256)
        self.out = nn.LazyLinear(10)

    def forward(self, X):
        """Return (batch, 10).

        X: (batch, features).
        """
        return self.out(F.relu(self.hidden(X)))


class MySequential(nn.Module):
    """Modules applied one after the other."""

    def __init__(self, *args):
        super().__init__()
        for index, module in enumerate(args):
            self.add_module(str(index), module)

    def forward(self, X):
        """The output of the last module."""
        for module in self.children():
            X = module(X)
        return X


class FixedHiddenMLP(nn.Module):
    """A network with constant weights and control flow.

    `rand_weight`: (20, 20).
    """

    def __init__(self):
        super().__init__()
        # A buffer: carried with the model, never trained.
        self.register_buffer("rand_weight", torch.rand((20, 20)))
        self.linear = nn.LazyLinear(20)

    def forward(self, X):
        """Return a scalar.

        X: (batch, features).
        """
        X = self.linear(X)
        X = F.relu(X @ self.rand_weight + 1)
        X = self.linear(X)  # shares its parameters with the first use
        while X.abs().sum() > 1:
            X = X / 2
        return X.sum()


class NestMLP(nn.Module):
    """A sequence within a module."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyLinear(64), nn.ReLU(), nn.LazyLinear(32), nn.ReLU()
        )
        self.linear = nn.LazyLinear(16)

    def forward(self, X):
        """Return (batch, 16).

        X: (batch, features).
        """
        return self.linear(self.net(X))
