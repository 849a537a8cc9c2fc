"""The base class of classifiers."""

import torch
from torch.nn import functional as F

from ..linear_regression.oo_design import Module


class Classifier(Module):
    """A model with one output, a logit, for each class."""

    def validation_step(self, batch):
        """Plot the loss and the accuracy of a validation batch."""
        Y_hat = self(*batch[:-1])
        self.plot("loss", self.loss(Y_hat, batch[-1]), train=False)
        self.plot("acc", self.accuracy(Y_hat, batch[-1]), train=False)

    def accuracy(self, Y_hat, Y, averaged=True):
        """The share of right predictions, or each one's 0 or 1.

        Y_hat: (..., classes).
        Y: as many labels as there are rows.
        """
        Y_hat = Y_hat.reshape((-1, Y_hat.shape[-1]))
        compare = (Y_hat.argmax(dim=1) == Y.reshape(-1)).to(Y_hat.dtype)
        return compare.mean() if averaged else compare

    def loss(self, Y_hat, Y, averaged=True):
        """Cross-entropy of the logits `Y_hat`: the mean, or each example's."""
        Y_hat = Y_hat.reshape((-1, Y_hat.shape[-1]))
        reduction = "mean" if averaged else "none"
        return F.cross_entropy(Y_hat, Y.reshape((-1,)), reduction=reduction)

    def layer_summary(self, X_shape):
        """Print the shape of each layer's output for inputs of shape `X_shape`."""
        X = torch.randn(*X_shape)
        for layer in self.net:
            X = layer(X)
            print(layer.__class__.__name__, "output shape:\t", tuple(X.shape))
