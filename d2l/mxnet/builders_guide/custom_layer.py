"""Layers of one's own, without and with parameters."""

from mxnet import init, np, npx
from mxnet.gluon import nn


class CenteredLayer(nn.Block):
    """Subtracts the mean of all elements."""

    def forward(self, X):
        """Return the same shape.

        X: any shape.
        """
        return X - X.mean()


class MyLinear(nn.Block):
    """A dense layer with a rectifier: relu(X @ weight + bias)."""

    def __init__(self, in_units, units):
        super().__init__()
        standard_normal = init.Normal(sigma=1)
        self.weight = self.params.get("weight", shape=(in_units, units))
        self.bias = self.params.get("bias", shape=(units,))
        for param in (self.weight, self.bias):
            param.initialize(standard_normal)

    def forward(self, X):
        """Return (batch, units).

        X: (batch, in_units).
        """
        weight, bias = self.weight.data(X.ctx), self.bias.data(X.ctx)
        return npx.relu(np.dot(X, weight) + bias)


#: The name that the book gives to the same layer in other frameworks.
MyDense = MyLinear
