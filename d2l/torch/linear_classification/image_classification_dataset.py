"""Data sets of small grey images in ten classes."""

from d2l.common.data.images import load_images, text_labels
from d2l.common.plots.figures import show_images

from ..linear_regression.oo_design import DataModule
from ..loaders import ImageBatches, default_dtype, make_loader

__all__ = ["MNIST", "Digits", "FashionMNIST", "show_images"]


class ImageData(DataModule):
    """Batches (X, y): images X in [0, 1] and the numbers y of their classes.

    X: (batch, 1, height, width).
    y: (batch,).
    """

    dataset = ""

    def __init__(self, batch_size=64, resize=(28, 28)):
        super().__init__()
        self.save_hyperparameters()
        self.train = self._images(train=True)
        self.val = self._images(train=False)

    def _images(self, train):
        dtype = default_dtype()
        return ImageBatches(
            load_images(self.dataset, train, self.resize, self.root, dtype)
        )

    def get_dataloader(self, train):
        """The training images, shuffled, or the validation images."""
        images = self.train if train else self.val
        return make_loader(images, self.batch_size, shuffle=train, seed=self.seed)

    def text_labels(self, indices):
        """The names of the classes `indices`."""
        return text_labels(self.dataset, indices)

    def visualize(self, batch, nrows=1, ncols=8, labels=None):
        """Show the first images of a batch with their labels."""
        X, y = batch
        show_images(X.squeeze(1), nrows, ncols, titles=labels or self.text_labels(y))


class FashionMNIST(ImageData):
    """Clothes: 60,000 training and 10,000 validation images (Xiao et al., 2017)."""

    dataset = "fashion_mnist"


class MNIST(ImageData):
    """Handwritten digits: 60,000 and 10,000 images (LeCun et al., 1998)."""

    dataset = "mnist"


class Digits(ImageData):
    """The 1,797 handwritten digits of scikit-learn: no download."""

    dataset = "digits"
