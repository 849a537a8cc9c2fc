"""Networks of blocks of convolutions: VGG (Simonyan and Zisserman, 2014)."""

from mxnet import init
from mxnet.gluon import nn

from ..linear_classification.classification import Classifier


def vgg_block(num_convs, out_channels):
    """Convolutions that keep the image's size, then a pooling that halves it."""
    block = nn.HybridSequential()
    for _ in range(num_convs):
        block.add(nn.Conv2D(out_channels, kernel_size=3, padding=1))
        block.add(nn.Activation("relu"))
    block.add(nn.MaxPool2D(pool_size=2, strides=2))
    block.initialize(init.Xavier())
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
        self.net = nn.HybridSequential()
        self.net.add(
            *[vgg_block(*block) for block in arch],
            nn.Flatten(),
            nn.Dense(num_hiddens, flatten=False),
            nn.Activation("relu"),
            nn.Dropout(0.5),
            nn.Dense(num_hiddens, flatten=False),
            nn.Activation("relu"),
            nn.Dropout(0.5),
            nn.Dense(num_classes, flatten=False),
        )
        # Again, where blocks have initialised themselves.
        self.net.initialize(init.Xavier(), force_reinit=True)
