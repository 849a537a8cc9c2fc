"""AlexNet (Krizhevsky et al., 2012)."""

from torch import nn

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
        self.net = nn.Sequential(
            nn.LazyConv2d(channels[0], kernel_size=11, stride=4, padding=1),  # 54 x 54
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 26 x 26
            nn.LazyConv2d(channels[1], kernel_size=5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 12 x 12
            nn.LazyConv2d(channels[2], kernel_size=3, padding=1),
            nn.ReLU(),
            nn.LazyConv2d(channels[3], kernel_size=3, padding=1),
            nn.ReLU(),
            nn.LazyConv2d(channels[4], kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 5 x 5
            nn.Flatten(),
            nn.LazyLinear(num_hiddens),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.LazyLinear(num_hiddens),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.LazyLinear(num_classes),
        )
