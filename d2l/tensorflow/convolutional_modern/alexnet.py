"""AlexNet (Krizhevsky et al., 2012)."""

import keras
from keras import layers

from ..layers import Flatten, PaddedConv2D
from ..linear_classification.classification import Classifier


class AlexNet(Classifier):
    """Five convolutions and three dense layers, for images of 224 x 224 pixels.

    channels: outputs of the convolutions.
    num_hiddens: width of the dense layers.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        channels=(96, 256, 384, 384, 256),
        num_hiddens=4096,
    ):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                PaddedConv2D(channels[0], kernel_size=11, strides=4, pad=1),  # 54 x 54
                layers.ReLU(),
                layers.MaxPooling2D(pool_size=3, strides=2),  # 26 x 26
                layers.Conv2D(channels[1], kernel_size=5, padding="same"),
                layers.ReLU(),
                layers.MaxPooling2D(pool_size=3, strides=2),  # 12 x 12
                layers.Conv2D(channels[2], kernel_size=3, padding="same"),
                layers.ReLU(),
                layers.Conv2D(channels[3], kernel_size=3, padding="same"),
                layers.ReLU(),
                layers.Conv2D(channels[4], kernel_size=3, padding="same"),
                layers.ReLU(),
                layers.MaxPooling2D(pool_size=3, strides=2),  # 5 x 5
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
