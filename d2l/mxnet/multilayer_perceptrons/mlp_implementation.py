"""A multilayer perceptron with one hidden layer, from scratch and concise."""

from mxnet import np
from mxnet.gluon import nn

from ..linear_classification.classification import Classifier
from ..tensor import randn, zeros


def relu(X):
    """The positive part of X; its gradient at 0 is 0."""
    return np.where(X > 0, X, np.zeros_like(X))


class MLPScratch(Classifier):
    """A multilayer perceptron whose parameters are plain matrices."""

    def __init__(self, num_inputs, num_outputs, num_hiddens, lr, sigma=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.W1 = randn(num_inputs, num_hiddens) * sigma
        self.b1 = zeros(num_hiddens)
        self.W2 = randn(num_hiddens, num_outputs) * sigma
        self.b2 = zeros(num_outputs)
        for param in (self.W1, self.b1, self.W2, self.b2):
            param.attach_grad()

    def forward(self, X):
        """Return (batch, num_outputs).

        X: (batch, ...), num_inputs values each.
        """
        X = X.reshape((-1, self.num_inputs))
        H = relu(np.dot(X, self.W1) + self.b1)
        return np.dot(H, self.W2) + self.b2


class MLP(Classifier):
    """A multilayer perceptron of the framework's own layers."""

    def __init__(self, num_outputs, num_hiddens, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Flatten(),
            nn.Dense(num_hiddens, flatten=False),
            nn.Activation("relu"),
            nn.Dense(num_outputs, flatten=False),
        )
        self.net.initialize()
