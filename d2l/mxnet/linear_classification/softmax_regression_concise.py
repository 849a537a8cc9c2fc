"""Softmax regression with the framework's own layers."""

from mxnet.gluon import nn

from .classification import Classifier


class SoftmaxRegression(Classifier):
    """A linear classifier that returns logits."""

    def __init__(self, num_outputs, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(nn.Flatten(), nn.Dense(num_outputs, flatten=False))
        self.net.initialize()

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...).
        """
        return self.net(X)
