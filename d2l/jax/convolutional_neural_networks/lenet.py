"""LeNet (LeCun et al., 1998)."""

from functools import partial

from flax import nnx

from ..layers import flatten, layer_settings
from ..linear_classification.classification import Classifier
from ..tensor import get_key


def init_cnn(module):
    """Fill the weights of a dense or convolutional layer by Xavier's uniform rule."""
    if isinstance(module, nnx.Linear | nnx.Conv):
        kernel = module.kernel
        xavier = nnx.initializers.xavier_uniform()
        kernel[...] = xavier(get_key(), kernel.shape, kernel.dtype)


class LeNet(Classifier):
    """Two convolutions and three dense layers, for images of 28 x 28 pixels.

    kernel_init: an initialiser of the weights; by default Xavier's uniform rule.
    """

    def __init__(self, lr=0.1, num_classes=10, *, kernel_init=None, rngs=None):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs", "kernel_init"])
        kernel_init = kernel_init or nnx.initializers.xavier_uniform()
        settings = layer_settings(rngs) | {"kernel_init": kernel_init}
        # Flax slides the window by one pixel unless strides are given.
        pool = partial(nnx.avg_pool, window_shape=(2, 2), strides=(2, 2))
        self.net = nnx.Sequential(
            nnx.Conv(1, 6, (5, 5), padding=2, **settings),  # (batch, 28, 28, 6)
            nnx.sigmoid,
            pool,  # (batch, 14, 14, 6)
            # Flax pads by default so that the size stays the same.
            nnx.Conv(6, 16, (5, 5), padding="VALID", **settings),  # (batch, 10, 10, 16)
            nnx.sigmoid,
            pool,  # (batch, 5, 5, 16)
            flatten,
            nnx.Linear(400, 120, **settings),
            nnx.sigmoid,
            nnx.Linear(120, 84, **settings),
            nnx.sigmoid,
            nnx.Linear(84, num_classes, **settings),
        )
