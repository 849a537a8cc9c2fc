"""Networks of blocks of convolutions: VGG (Simonyan and Zisserman, 2014)."""

import keras
from keras import layers

from ..layers import Flatten
from ..linear_classification.classification import Classifier


def vgg_block(num_convs, out_channels):
    """Convolutions that keep the image's size, then a pooling that halves it."""
    block = keras.Sequential()
    for _ in range(num_convs):
        block.add(layers.Conv2D(out_channels, kernel_size=3, padding="same"))
        block.add(layers.ReLU())
    block.add(layers.MaxPooling2D(pool_size=2, strides=2))
    return block


class VGG(Classifier):
    """Blocks of convolutions and three dense layers, for images of 224 x 224 pixels.

    arch: for each block the number of its convolutions and of their outputs.
    num_hiddens: width of the dense layers.
    """

    def __init__(self, arch, lr=0.1, num_classes=10, *, num_hiddens=4096):
        super().__init__()
        self.save_hyperparameters()
        # The blocks are followed by the layer that flattens.
        self.net = keras.Sequential(
            [
                *[vgg_block(*block) for block in arch],
                Flatten(),
                layers.Dense(num_hiddens),
                layers.ReLU(),
                layers.Dropout(0.5),
                layers.Dense(num_hiddens),
                layers.ReLU(),
                layers.Dropout(0.5),
                layers.Dense(num_classes),
            ]
        )
