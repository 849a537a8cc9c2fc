"""LeNet (LeCun et al., 1998)."""

from mxnet import init
from mxnet.gluon import nn

from ..linear_classification.classification import Classifier


def init_cnn(module):
    """Fill the weights of a dense or convolutional layer by Xavier's uniform rule."""
    if isinstance(module, (nn.Dense, nn.Conv2D)):
        devices = module.weight.list_ctx()
        module.weight.initialize(init.Xavier(), devices, force_reinit=True)


class LeNet(Classifier):
    """Two convolutions and three dense layers, for images of 28 x 28 pixels."""

    def __init__(self, lr=0.1, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Conv2D(6, kernel_size=5, padding=2),  # (batch, 6, 28, 28)
            nn.Activation("sigmoid"),
            nn.AvgPool2D(pool_size=2, strides=2),  # (batch, 6, 14, 14)
            nn.Conv2D(16, kernel_size=5),  # (batch, 16, 10, 10)
            nn.Activation("sigmoid"),
            nn.AvgPool2D(pool_size=2, strides=2),  # (batch, 16, 5, 5)
            nn.Flatten(),
            # MXNet's dense layers would flatten by themselves.
            nn.Dense(120, flatten=False),
            nn.Activation("sigmoid"),
            nn.Dense(84, flatten=False),
            nn.Activation("sigmoid"),
            nn.Dense(num_classes, flatten=False),
        )
        # MXNet's own default is uniform in +-0.07, whatever the layer's size.
        self.net.initialize(init.Xavier())
