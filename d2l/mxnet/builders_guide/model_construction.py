"""Ways to put layers together."""

from mxnet import np, npx
from mxnet.gluon import nn

from ..tensor import rand


class MLP(nn.Block):
    """A hidden layer of 256 units and an output layer of 10."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Dense(256, flatten=False)
        self.out = nn.Dense(10, flatten=False)
        self.initialize()

    def forward(self, X):
        """Return (batch, 10).

        X: (batch, features).
        """
        return self.out(npx.relu(self.hidden(X)))


class MySequential(nn.Block):
    """Modules applied one after the other."""

    def __init__(self, *args):
        super().__init__()
        for module in args:
            self.add(module)

    def add(self, module):
        """Append a module."""
        self.register_child(module)

    def forward(self, X):
        """The output of the last module."""
        for module in self._children.values():
            X = module(X)
        return X


class FixedHiddenMLP(nn.Block):
    """A network with constant weights and control flow.

    `rand_weight`: (20, 20).
    """

    def __init__(self):
        super().__init__()
        # A constant: carried with the model, never trained.
        self.rand_weight = self.params.get_constant("rand_weight", rand(20, 20))
        self.linear = nn.Dense(20, flatten=False)
        self.initialize()

    def forward(self, X):
        """Return a scalar.

        X: (batch, features).
        """
        X = self.linear(X)
        X = npx.relu(np.dot(X, self.rand_weight.data(X.ctx)) + 1)
        X = self.linear(X)  # shares its parameters with the first use
        while np.abs(X).sum() > 1:
            X = X / 2
        return X.sum()


class NestMLP(nn.Block):
    """A sequence within a module."""

    def __init__(self):
        super().__init__()
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Dense(64, flatten=False),
            nn.Activation("relu"),
            nn.Dense(32, flatten=False),
            nn.Activation("relu"),
        )
        self.linear = nn.Dense(16, flatten=False)
        self.initialize()

    def forward(self, X):
        """Return (batch, 16).

        X: (batch, features).
        """
        return self.linear(self.net(X))
