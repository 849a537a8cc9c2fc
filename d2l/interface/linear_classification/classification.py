"""Declarations: classification."""


class Classifier:
    """The base class of classifiers."""

    def validation_step(self, batch):
        """Plot loss and accuracy."""

    def accuracy(self, Y_hat, Y, averaged=True):
        """The share of right predictions, or each one's 0 or 1."""

    def loss(self, Y_hat, Y, averaged=True):
        """Cross-entropy of logits."""

    def layer_summary(self, X_shape):
        """Print the shape of each layer's output."""
