"""Network in network (Lin et al., 2013)."""

import keras
from keras import layers

from ..layers import Flatten, PaddedConv2D
from ..linear_classification.classification import Classifier


def nin_block(out_channels, kernel_size, strides, padding):
    """A convolution, then two of one pixel: a small network at every position."""
    return keras.Sequential(
        [
            PaddedConv2D(out_channels, kernel_size, strides, padding),
            layers.ReLU(),
            layers.Conv2D(out_channels, kernel_size=1),
            layers.ReLU(),
            layers.Conv2D(out_channels, kernel_size=1),
            layers.ReLU(),
        ]
    )


class NiN(Classifier):
    """Four blocks and no dense layer, for images of 224 x 224 pixels.

    channels: outputs of the first three blocks; the last has one for each class.
    """

    def __init__(self, lr=0.1, num_classes=10, *, channels=(96, 256, 384)):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                nin_block(channels[0], kernel_size=11, strides=4, padding=0),  # 54 x 54
                layers.MaxPooling2D(pool_size=3, strides=2),  # 26 x 26
                nin_block(channels[1], kernel_size=5, strides=1, padding=2),
                layers.MaxPooling2D(pool_size=3, strides=2),  # 12 x 12
                nin_block(channels[2], kernel_size=3, strides=1, padding=1),
                layers.MaxPooling2D(pool_size=3, strides=2),  # 5 x 5
                layers.Dropout(0.5),
                nin_block(num_classes, kernel_size=3, strides=1, padding=1),
                layers.GlobalAveragePooling2D(keepdims=True),
                Flatten(),
            ]
        )
