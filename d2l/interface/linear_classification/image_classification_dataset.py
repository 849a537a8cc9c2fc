"""Declarations: image classification dataset."""


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
