"""LeNet (LeCun et al., 1998)."""

import keras
from keras import layers

from ..layers import Flatten
from ..linear_classification.classification import Classifier


def init_cnn(module):
    """Fill the weights of a dense or convolutional layer by Xavier's uniform rule."""
    if isinstance(module, (layers.Dense, layers.Conv2D)):
        # What Keras starts with by default, too.
        xavier = keras.initializers.GlorotUniform()
        module.kernel.assign(xavier(module.kernel.shape, module.kernel.dtype))


class LeNet(Classifier):
    """Two convolutions and three dense layers, for images of 28 x 28 pixels."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                # (batch, 28, 28, 6); "same" pads two pixels on every side here.
                layers.Conv2D(6, kernel_size=5, padding="same"),
                layers.Activation("sigmoid"),
                layers.AveragePooling2D(pool_size=2, strides=2),  # (batch, 14, 14, 6)
                layers.Conv2D(16, kernel_size=5),  # (batch, 10, 10, 16)
                layers.Activation("sigmoid"),
                layers.AveragePooling2D(pool_size=2, strides=2),  # (batch, 5, 5, 16)
                Flatten(),
                layers.Dense(120),
                layers.Activation("sigmoid"),
                layers.Dense(84),
                layers.Activation("sigmoid"),
                layers.Dense(num_classes),
            ]
        )
