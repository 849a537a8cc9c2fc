"""Network in network (Lin et al., 2013)."""

from torch import nn

from ..linear_classification.classification import Classifier


def nin_block(out_channels, kernel_size, strides, padding):
    """A convolution, then two of one pixel: a small network at every position."""
    return nn.Sequential(
        nn.LazyConv2d(out_channels, kernel_size, strides, padding),
        nn.ReLU(),
        nn.LazyConv2d(out_channels, kernel_size=1),
        nn.ReLU(),
        nn.LazyConv2d(out_channels, kernel_size=1),
        nn.ReLU(),
    )


class NiN(Classifier):
    """Four blocks and no dense layer, for images of 224 x 224 pixels.

    channels: outputs of the first three blocks; the last has one for each class.
    """

    def __init__(self, lr=0.1, num_classes=10, *, channels=(96, 256, 384)):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            nin_block(channels[0], kernel_size=11, strides=4, padding=0),  # 54 x 54
            nn.MaxPool2d(kernel_size=3, stride=2),  # 26 x 26
            nin_block(channels[1], kernel_size=5, strides=1, padding=2),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 12 x 12
            nin_block(channels[2], kernel_size=3, strides=1, padding=1),
            nn.MaxPool2d(kernel_size=3, stride=2),  # 5 x 5
            nn.Dropout(0.5),
            nin_block(num_classes, kernel_size=3, strides=1, padding=1),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
