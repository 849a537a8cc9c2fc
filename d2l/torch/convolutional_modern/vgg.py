"""Networks of blocks of convolutions: VGG (Simonyan and Zisserman, 2014)."""

from torch import nn

from ..linear_classification.classification import Classifier


def vgg_block(num_convs, out_channels):
    """Convolutions that keep the image's size, then a pooling that halves it."""
    layers = []
    for _ in range(num_convs):
        layers.append(nn.LazyConv2d(out_channels, kernel_size=3, padding=1))
        layers.append(nn.ReLU())
    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*layers)


class VGG(Classifier):
    """Blocks of convolutions and three dense layers, for images of 224 x 224 pixels.

    arch: for each block the number of its convolutions and of their outputs.
    num_hiddens: width of the dense layers.
    """

    def __init__(self, arch, lr=0.1, num_classes=10, *, num_hiddens=4096):
        super().__init__()
        self.save_hyperparameters()
        # The blocks are followed by the layer that flattens.
        self.net = nn.Sequential(
            *[vgg_block(*block) for block in arch],
            nn.Flatten(),
            nn.LazyLinear(num_hiddens),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.LazyLinear(num_hiddens),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.LazyLinear(num_classes),
        )
