"""Batch normalisation (Ioffe and Szegedy, 2015), from scratch and concise."""

import torch
from torch import nn

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
    axes = [axis for axis in range(X.ndim) if axis != 1]
    shape = [1, -1] + [1] * (X.ndim - 2)
    if training:
        mean = X.mean(axes)
        # The mean square, where PyTorch's own layer keeps n / (n - 1) times that.
        var = ((X - mean.reshape(shape)) ** 2).mean(axes)
        kept = moving_mean.shape
        moving_mean = (1 - momentum) * moving_mean + momentum * mean.reshape(kept)
        moving_var = (1 - momentum) * moving_var + momentum * var.reshape(kept)
    else:
        mean, var = moving_mean, moving_var
    X_hat = (X - mean.reshape(shape)) / torch.sqrt(var.reshape(shape) + eps)
    Y = gamma.reshape(shape) * X_hat + beta.reshape(shape)
    return Y, moving_mean.detach(), moving_var.detach()


class BatchNorm(nn.Module):
    """A layer that normalises each feature.

    num_features: of the inputs, or their channels.
    num_dims: 2 for inputs (batch, features), 4 for (batch, channels, height, width).
    """

    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("moving_mean", torch.zeros(num_features))
        self.register_buffer("moving_var", torch.ones(num_features))

    def forward(self, X):
        """Return the same shape, and update the statistics.

        X: of `num_dims` axes.
        """
        if X.ndim != self.num_dims:
            raise ValueError(f"expected {self.num_dims} axes, not {X.ndim}")
        Y, self.moving_mean, self.moving_var = batch_norm(
            X,
            self.gamma,
            self.beta,
            self.moving_mean,
            self.moving_var,
            eps=1e-5,
            momentum=0.1,
            training=self.training,
        )
        return Y


class BNLeNetScratch(Classifier):
    """LeNet with a batch normalisation of our own before each activation."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            nn.LazyConv2d(6, kernel_size=5),  # (batch, 6, 24, 24)
            BatchNorm(6, num_dims=4),
            nn.Sigmoid(),
            nn.AvgPool2d(kernel_size=2, stride=2),  # (batch, 6, 12, 12)
            nn.LazyConv2d(16, kernel_size=5),  # (batch, 16, 8, 8)
            BatchNorm(16, num_dims=4),
            nn.Sigmoid(),
            nn.AvgPool2d(kernel_size=2, stride=2),  # (batch, 16, 4, 4)
            nn.Flatten(),
            nn.LazyLinear(120),
            BatchNorm(120, num_dims=2),
            nn.Sigmoid(),
            nn.LazyLinear(84),
            BatchNorm(84, num_dims=2),
            nn.Sigmoid(),
            nn.LazyLinear(num_classes),
        )


class BNLeNet(Classifier):
    """The same network of the framework's own layers."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            nn.LazyConv2d(6, kernel_size=5),  # (batch, 6, 24, 24)
            nn.LazyBatchNorm2d(),
            nn.Sigmoid(),
            nn.AvgPool2d(kernel_size=2, stride=2),  # (batch, 6, 12, 12)
            nn.LazyConv2d(16, kernel_size=5),  # (batch, 16, 8, 8)
            nn.LazyBatchNorm2d(),
            nn.Sigmoid(),
            nn.AvgPool2d(kernel_size=2, stride=2),  # (batch, 16, 4, 4)
            nn.Flatten(),
            nn.LazyLinear(120),
            nn.LazyBatchNorm1d(),
            nn.Sigmoid(),
            nn.LazyLinear(84),
            nn.LazyBatchNorm1d(),
            nn.Sigmoid(),
            nn.LazyLinear(num_classes),
        )
