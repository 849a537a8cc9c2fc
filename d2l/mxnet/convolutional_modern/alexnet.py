"""AlexNet (Krizhevsky et al., 2012)."""

from mxnet import init
from mxnet.gluon import nn

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
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Conv2D(channels[0], kernel_size=11, strides=4, padding=1),  # 54 x 54
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=3, strides=2),  # 26 x 26
            nn.Conv2D(channels[1], kernel_size=5, padding=2),
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=3, strides=2),  # 12 x 12
            nn.Conv2D(channels[2], kernel_size=3, padding=1),
            nn.Activation("relu"),
            nn.Conv2D(channels[3], kernel_size=3, padding=1),
            nn.Activation("relu"),
            nn.Conv2D(channels[4], kernel_size=3, padding=1),
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=3, strides=2),  # 5 x 5
            nn.Flatten(),
            nn.Dense(num_hiddens, flatten=False),
            nn.Activation("relu"),
            nn.Dropout(0.5),
            nn.Dense(num_hiddens, flatten=False),
            nn.Activation("relu"),
            nn.Dropout(0.5),
            nn.Dense(num_classes, flatten=False),
        )
        self.net.initialize(init.Xavier())
