"""ConvNeXt (Liu et al., 2022), and stochastic depth (Huang et al., 2016)."""

from mxnet import init
from mxnet.gluon import nn

from ..layers import GELU, LayerNorm
from ..linear_classification.classification import Classifier
from ..randomness import uniform


class LayerNorm2d(LayerNorm):
    """Layer normalisation (Ba et al., 2016) of the channels at every position.

    Inputs (batch, num_channels, h, w); returns the same shape.
    """

    def __init__(self, num_channels):
        super().__init__(axis=1, in_channels=num_channels)


def drop_path(X, drop_prob, training=True):
    """Set each example to 0 with probability `drop_prob`; scale the others up.

    X: (batch, ...); unchanged unless `training`.
    """
    if not 0 <= drop_prob < 1:
        raise ValueError(f"drop_prob must lie in [0, 1), not {drop_prob}")
    if not training or drop_prob == 0:
        return X
    keep = (uniform(X.shape[:1], X.ctx) > drop_prob).astype(X.dtype)
    return keep.reshape((-1,) + (1,) * (X.ndim - 1)) * X / (1.0 - drop_prob)


class ConvNeXtBlock(nn.HybridBlock):
    """A 7 x 7 convolution of each channel, then a small network at every position.

    drop_prob: how often an example skips the block in training.
    layer_scale: the factor that each channel of the branch starts with.
    """

    def __init__(self, num_channels, drop_prob=0.0, *, layer_scale=1e-6):
        super().__init__()
        c, self.drop_prob = num_channels, drop_prob
        self.dwconv = nn.Conv2D(c, kernel_size=7, padding=3, groups=c, in_channels=c)
        self.norm = LayerNorm2d(c)
        self.pwconv1 = nn.Conv2D(4 * c, kernel_size=1, in_channels=c)
        self.pwconv2 = nn.Conv2D(c, kernel_size=1, in_channels=4 * c)
        scale = init.Constant(layer_scale)
        self.gamma = self.params.get("gamma", shape=(c,), init=scale)
        self.gelu = GELU()
        # `drop_path` as a layer: one number decides along all axes but the first.
        self.drop_path = nn.Dropout(drop_prob, axes=(1, 2, 3))
        self.initialize(init.Xavier())

    def hybrid_forward(self, F, X, gamma):
        """Return the same shape.

        X: (batch, num_channels, h, w).
        """
        Y = self.pwconv1(self.norm(self.dwconv(X)))
        Y = F.np.reshape(gamma, (-1, 1, 1)) * self.pwconv2(self.gelu(Y))
        return X + self.drop_path(Y)


class ConvNeXt(Classifier):
    """A stem that cuts the image into patches, and stages of ConvNeXt blocks.

    depths, channels: for each stage the number of its blocks and of their channels.
    patch_size: side of a patch.
    drop_path_rate: `drop_prob` of the last block, to which it grows from 0.
    layer_scale: as in `ConvNeXtBlock`.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        depths=(3, 3, 9, 3),
        channels=(96, 192, 384, 768),
        patch_size=4,
        drop_path_rate=0.0,
        layer_scale=1e-6,
    ):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            self.stem(),
            *[self.stage(i) for i in range(len(depths))],
            nn.GlobalAvgPool2D(),
            nn.Flatten(),
            LayerNorm(in_channels=channels[-1]),
            nn.Dense(num_classes, flatten=False),
        )
        # Again, where blocks have initialised themselves.
        self.net.initialize(init.Xavier(), force_reinit=True)

    def stem(self):
        """Patches that do not overlap, each made a vector."""
        size, stem = self.patch_size, nn.HybridSequential()
        stem.add(
            nn.Conv2D(self.channels[0], kernel_size=size, strides=size),
            LayerNorm2d(self.channels[0]),
        )
        return stem

    def stage(self, i):
        """Blocks; all stages but the first halve the image's sides before them."""
        stage = nn.HybridSequential()
        if i > 0:
            stage.add(
                LayerNorm2d(self.channels[i - 1]),
                nn.Conv2D(self.channels[i], kernel_size=2, strides=2),
            )
        for rate in self.drop_probs(i):
            settings = {"layer_scale": self.layer_scale}
            stage.add(ConvNeXtBlock(self.channels[i], rate, **settings))
        return stage

    def drop_probs(self, i):
        """The probabilities by which the blocks of a stage are skipped."""
        first, last = sum(self.depths[:i]), max(1, sum(self.depths) - 1)
        rate = self.drop_path_rate
        return [rate * (first + j) / last for j in range(self.depths[i])]
