"""LeNet (LeCun et al., 1998)."""

from torch import nn

from ..linear_classification.classification import Classifier


def init_cnn(module):
    """Fill the weights of a dense or convolutional layer by Xavier's uniform rule."""
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(module.weight)


class LeNet(Classifier):
    """Two convolutions and three dense layers, for images of 28 x 28 pixels."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            nn.LazyConv2d(6, kernel_size=5, padding=2),  # (batch, 6, 28, 28)
            nn.Sigmoid(),
            nn.AvgPool2d(kernel_size=2, stride=2),  # (batch, 6, 14, 14)
            nn.LazyConv2d(16, kernel_size=5),  # (batch, 16, 10, 10)
            nn.Sigmoid(),
            nn.AvgPool2d(kernel_size=2, stride=2),  # (batch, 16, 5, 5)
            nn.Flatten(),
            nn.LazyLinear(120),
            nn.Sigmoid(),
            nn.LazyLinear(84),
            nn.Sigmoid(),
            nn.LazyLinear(num_classes),
        )
