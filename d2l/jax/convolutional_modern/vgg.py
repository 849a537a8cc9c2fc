"""Networks of blocks of convolutions: VGG (Simonyan and Zisserman, 2014)."""

from flax import nnx

from ..layers import flatten, layer_settings, max_pool, rngs_or_default
from ..linear_classification.classification import Classifier


def vgg_block(num_convs, out_channels, *, in_channels=1, rngs=None):
    """Convolutions that keep the image's size, then a pooling that halves it."""
    settings = layer_settings(rngs)
    layers = []
    for i in range(num_convs):
        inputs = out_channels if i > 0 else in_channels
        layers.append(nnx.Conv(inputs, out_channels, (3, 3), padding=1, **settings))
        layers.append(nnx.relu)
    layers.append(max_pool(2, strides=2))
    return nnx.Sequential(*layers)


class VGG(Classifier):
    """Blocks of convolutions and three dense layers, for images of 224 x 224 pixels.

    arch: for each block the number of its convolutions and of their outputs.
    num_hiddens: width of the dense layers.
    image_size, in_channels: side and channels of the images.
    """

    def __init__(
        self,
        arch,
        lr=0.1,
        num_classes=10,
        *,
        num_hiddens=4096,
        image_size=224,
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        # The blocks are followed by the layer that flattens.
        rngs = rngs_or_default(rngs)
        settings = layer_settings(rngs)
        widths = [in_channels, *[channels for _, channels in arch]]
        side = image_size // 2 ** len(arch)
        self.net = nnx.Sequential(
            *[
                vgg_block(*block, in_channels=width, rngs=rngs)
                for block, width in zip(arch, widths[:-1], strict=True)
            ],
            flatten,
            nnx.Linear(widths[-1] * side**2, num_hiddens, **settings),
            nnx.relu,
            nnx.Dropout(0.5, rngs=rngs),
            nnx.Linear(num_hiddens, num_hiddens, **settings),
            nnx.relu,
            nnx.Dropout(0.5, rngs=rngs),
            nnx.Linear(num_hiddens, num_classes, **settings),
        )
