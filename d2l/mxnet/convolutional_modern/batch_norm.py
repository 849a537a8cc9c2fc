"""Batch normalisation (Ioffe and Szegedy, 2015), from scratch and concise."""

from mxnet import autograd, init, np
from mxnet.gluon import nn

from .. import layers
from ..linear_classification.classification import Classifier


def batch_norm(
    X, gamma, beta, moving_mean, moving_var, eps, momentum, *, training=True
):
    """Normalise each feature by mean and variance, then scale by gamma, shift by beta.

    X: (batch, features) or (batch, channels, height, width).
    gamma, beta, moving_mean, moving_var: one number for each feature or channel, in any
        shape.
    momentum: the weight of this batch in the moving statistics.
    training: normalise by the batch's statistics, else by the moving ones.

    returns: the normalised X, and the new moving mean and variance.
    """
    axes = tuple(axis for axis in range(X.ndim) if axis != 1)
    shape = (1, -1) + (1,) * (X.ndim - 2)
    if training:
        mean = X.mean(axes)
        # The mean square, where the concise layer keeps n / (n - 1) times that.
        var = ((X - mean.reshape(shape)) ** 2).mean(axes)
        kept = moving_mean.shape
        moving_mean = (1 - momentum) * moving_mean + momentum * mean.reshape(kept)
        moving_var = (1 - momentum) * moving_var + momentum * var.reshape(kept)
    else:
        mean, var = moving_mean, moving_var
    X_hat = (X - mean.reshape(shape)) / np.sqrt(var.reshape(shape) + eps)
    Y = gamma.reshape(shape) * X_hat + beta.reshape(shape)
    return Y, moving_mean.detach(), moving_var.detach()


class BatchNorm(nn.Block):
    """A layer that normalises each feature.

    num_features: of the inputs, or their channels.
    num_dims: 2 for inputs (batch, features), 4 for (batch, channels, height, width).
    """

    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        shape = (num_features,)
        self.gamma = self.params.get("gamma", shape=shape, init=init.One())
        self.beta = self.params.get("beta", shape=shape, init=init.Zero())
        # Of the model, but not trained.
        statistic = {"shape": shape, "grad_req": "null"}
        self.moving_mean = self.params.get("moving_mean", init=init.Zero(), **statistic)
        self.moving_var = self.params.get("moving_var", init=init.One(), **statistic)
        self.initialize()

    def forward(self, X):
        """Return the same shape, and update the statistics.

        X: of `num_dims` axes.
        """
        if X.ndim != self.num_dims:
            raise ValueError(f"expected {self.num_dims} axes, not {X.ndim}")
        Y, moving_mean, moving_var = batch_norm(
            X,
            self.gamma.data(X.ctx),
            self.beta.data(X.ctx),
            self.moving_mean.data(X.ctx),
            self.moving_var.data(X.ctx),
            eps=1e-5,
            momentum=0.1,
            training=autograd.is_training(),
        )
        with autograd.pause():
            self.moving_mean.set_data(moving_mean)
            self.moving_var.set_data(moving_var)
        return Y


class BNLeNetScratch(Classifier):
    """LeNet with a batch normalisation of our own before each activation."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential()
        self.net.add(
            nn.Conv2D(6, kernel_size=5),  # (batch, 6, 24, 24)
            BatchNorm(6, num_dims=4),
            nn.Activation("sigmoid"),
            nn.AvgPool2D(pool_size=2, strides=2),  # (batch, 6, 12, 12)
            nn.Conv2D(16, kernel_size=5),  # (batch, 16, 8, 8)
            BatchNorm(16, num_dims=4),
            nn.Activation("sigmoid"),
            nn.AvgPool2D(pool_size=2, strides=2),  # (batch, 16, 4, 4)
            nn.Flatten(),
            nn.Dense(120, flatten=False),
            BatchNorm(120, num_dims=2),
            nn.Activation("sigmoid"),
            nn.Dense(84, flatten=False),
            BatchNorm(84, num_dims=2),
            nn.Activation("sigmoid"),
            nn.Dense(num_classes, flatten=False),
        )
        # Again, where blocks have initialised themselves.
        self.net.initialize(init.Xavier(), force_reinit=True)


class BNLeNet(Classifier):
    """The same network of the framework's own layers."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Conv2D(6, kernel_size=5),  # (batch, 6, 24, 24)
            layers.BatchNorm(),
            nn.Activation("sigmoid"),
            nn.AvgPool2D(pool_size=2, strides=2),  # (batch, 6, 12, 12)
            nn.Conv2D(16, kernel_size=5),  # (batch, 16, 8, 8)
            layers.BatchNorm(),
            nn.Activation("sigmoid"),
            nn.AvgPool2D(pool_size=2, strides=2),  # (batch, 16, 4, 4)
            nn.Flatten(),
            nn.Dense(120, flatten=False),
            layers.BatchNorm(),
            nn.Activation("sigmoid"),
            nn.Dense(84, flatten=False),
            layers.BatchNorm(),
            nn.Activation("sigmoid"),
            nn.Dense(num_classes, flatten=False),
        )
        self.net.initialize(init.Xavier())
