"""Declarations: images, classifiers, softmax regression."""


def show_images(imgs, num_rows, num_cols, titles=None, scale=1.5):
    """Show images in a grid; returns the axes."""


class FashionMNIST:
    """Images of clothes."""

    def __init__(self, batch_size=64, resize=(28, 28)):
        """resize: (height, width)."""

    def get_dataloader(self, train):
        """Batches (X, y)."""

    def text_labels(self, indices):
        """The names of classes."""

    def visualize(self, batch, nrows=1, ncols=8, labels=None):
        """Show the first images of a batch."""


class MNIST:
    """Images of handwritten digits."""

    def __init__(self, batch_size=64, resize=(28, 28)):
        """resize: (height, width)."""


class Digits:
    """Small images of handwritten digits, without a download."""

    def __init__(self, batch_size=64, resize=(28, 28)):
        """resize: (height, width)."""


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


def softmax(X):
    """Probabilities along rows."""


def cross_entropy(y_hat, y):
    """The mean negative log-probability of the labels."""


class SoftmaxRegressionScratch:
    """A linear classifier from scratch."""

    def __init__(self, num_inputs, num_outputs, lr, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, X):
        """Images to probabilities."""

    def loss(self, y_hat, y):
        """Cross-entropy of probabilities."""


class SoftmaxRegression:
    """A linear classifier with the framework's own parts."""

    def __init__(self, num_outputs, lr):
        """num_outputs: the number of classes."""

    def forward(self, X):
        """Images to logits."""
