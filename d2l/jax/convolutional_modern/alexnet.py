"""AlexNet (Krizhevsky et al., 2012)."""

from flax import nnx

from ..layers import flatten, flattened_size, layer_settings, max_pool, rngs_or_default
from ..linear_classification.classification import Classifier


class AlexNet(Classifier):
    """Five convolutions and three dense layers, for images of 224 x 224 pixels.

    channels: outputs of the convolutions.
    num_hiddens: width of the dense layers.
    image_size, in_channels: side and channels of the images.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        channels=(96, 256, 384, 384, 256),
        num_hiddens=4096,
        image_size=224,
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        settings = layer_settings(rngs)
        convolutions = _convolutions(in_channels, *channels, settings)
        num_features = flattened_size(convolutions, image_size, in_channels)
        self.net = nnx.Sequential(
            *convolutions,
            nnx.Linear(num_features, num_hiddens, **settings),
            nnx.relu,
            nnx.Dropout(0.5, rngs=rngs),
            nnx.Linear(num_hiddens, num_hiddens, **settings),
            nnx.relu,
            nnx.Dropout(0.5, rngs=rngs),
            nnx.Linear(num_hiddens, num_classes, **settings),
        )


def _convolutions(c0, c1, c2, c3, c4, c5, settings):
    """The layers up to the one that flattens.

    c0, c1, c2, c3, c4, c5: channels before the first convolution, and after each.
    """
    return [
        nnx.Conv(c0, c1, (11, 11), strides=4, padding=1, **settings),  # 54 x 54
        nnx.relu,
        max_pool(3, strides=2),  # 26 x 26
        nnx.Conv(c1, c2, (5, 5), padding=2, **settings),
        nnx.relu,
        max_pool(3, strides=2),  # 12 x 12
        nnx.Conv(c2, c3, (3, 3), padding=1, **settings),
        nnx.relu,
        nnx.Conv(c3, c4, (3, 3), padding=1, **settings),
        nnx.relu,
        nnx.Conv(c4, c5, (3, 3), padding=1, **settings),
        nnx.relu,
        max_pool(3, strides=2),  # 5 x 5
        flatten,
    ]
