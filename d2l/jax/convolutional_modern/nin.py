"""Network in network (Lin et al., 2013)."""

from flax import nnx

from ..layers import (
    flatten,
    global_avg_pool,
    layer_settings,
    max_pool,
    rngs_or_default,
)
from ..linear_classification.classification import Classifier


def nin_block(out_channels, kernel_size, strides, padding, *, in_channels=1, rngs=None):
    """A convolution, then two of one pixel: a small network at every position.

    kernel_size, strides, padding: a number, or a pair of height and width.
    """
    c, settings = out_channels, layer_settings(rngs)
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    return nnx.Sequential(
        nnx.Conv(in_channels, c, kernel_size, strides, padding=padding, **settings),
        nnx.relu,
        nnx.Conv(c, c, (1, 1), **settings),
        nnx.relu,
        nnx.Conv(c, c, (1, 1), **settings),
        nnx.relu,
    )


class NiN(Classifier):
    """Four blocks and no dense layer, for images of 224 x 224 pixels.

    channels: outputs of the first three blocks; the last has one for each class.
    in_channels: of the images.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        channels=(96, 256, 384),
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        c0, (c1, c2, c3) = in_channels, channels
        self.net = nnx.Sequential(
            nin_block(c1, 11, strides=4, padding=0, in_channels=c0, rngs=rngs),  # 54
            max_pool(3, strides=2),  # 26 x 26
            nin_block(c2, 5, strides=1, padding=2, in_channels=c1, rngs=rngs),
            max_pool(3, strides=2),  # 12 x 12
            nin_block(c3, 3, strides=1, padding=1, in_channels=c2, rngs=rngs),
            max_pool(3, strides=2),  # 5 x 5
            nnx.Dropout(0.5, rngs=rngs),
            nin_block(num_classes, 3, strides=1, padding=1, in_channels=c3, rngs=rngs),
            global_avg_pool,
            flatten,
        )
