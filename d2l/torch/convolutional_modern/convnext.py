"""ConvNeXt (Liu et al., 2022), and stochastic depth (Huang et al., 2016)."""

import torch
from torch import nn
from torch.nn import functional as F

from ..linear_classification.classification import Classifier
from ..randomness import uniform


class LayerNorm2d(nn.LayerNorm):
    """Layer normalisation (Ba et al., 2016) of the channels at every position."""

    def __init__(self, num_channels):
        super().__init__(num_channels, eps=1e-5)

    def forward(self, X):
        """Return the same shape.

        X: (batch, num_channels, h, w).
        """
        return super().forward(X.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def drop_path(X, drop_prob, training=True):
    """Set each example to 0 with probability `drop_prob`; scale the others up.

    X: (batch, ...); unchanged unless `training`.
    """
    if not 0 <= drop_prob < 1:
        raise ValueError(f"drop_prob must lie in [0, 1), not {drop_prob}")
    if not training or drop_prob == 0:
        return X
    keep = (uniform(X.shape[:1], X.device) > drop_prob).to(X.dtype)
    return keep.reshape([-1] + [1] * (X.ndim - 1)) * X / (1.0 - drop_prob)


class ConvNeXtBlock(nn.Module):
    """A 7 x 7 convolution of each channel, then a small network at every position.

    drop_prob: how often an example skips the block in training.
    layer_scale: the factor that each channel of the branch starts with.
    """

    def __init__(self, num_channels, drop_prob=0.0, *, layer_scale=1e-6):
        super().__init__()
        self.drop_prob = drop_prob
        self.dwconv = nn.Conv2d(
            num_channels, num_channels, kernel_size=7, padding=3, groups=num_channels
        )
        self.norm = LayerNorm2d(num_channels)
        self.pwconv1 = nn.Conv2d(num_channels, 4 * num_channels, kernel_size=1)
        self.pwconv2 = nn.Conv2d(4 * num_channels, num_channels, kernel_size=1)
        self.gamma = nn.Parameter(torch.full((num_channels,), layer_scale))

    def forward(self, X):
        """Return the same shape.

        X: (batch, num_channels, h, w).
        """
        Y = self.pwconv1(self.norm(self.dwconv(X)))
        Y = self.gamma[:, None, None] * self.pwconv2(F.gelu(Y))
        return X + drop_path(Y, self.drop_prob, self.training)


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
        self.net = nn.Sequential(
            self.stem(),
            *[self.stage(i) for i in range(len(depths))],
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.LayerNorm(channels[-1], eps=1e-5),
            nn.LazyLinear(num_classes),
        )

    def stem(self):
        """Patches that do not overlap, each made a vector."""
        size = self.patch_size
        return nn.Sequential(
            nn.LazyConv2d(self.channels[0], kernel_size=size, stride=size),
            LayerNorm2d(self.channels[0]),
        )

    def stage(self, i):
        """Blocks; all stages but the first halve the image's sides before them."""
        before = []
        if i > 0:
            before = [
                LayerNorm2d(self.channels[i - 1]),
                nn.LazyConv2d(self.channels[i], kernel_size=2, stride=2),
            ]
        blocks = [
            ConvNeXtBlock(self.channels[i], rate, layer_scale=self.layer_scale)
            for rate in self.drop_probs(i)
        ]
        return nn.Sequential(*before, *blocks)

    def drop_probs(self, i):
        """The probabilities by which the blocks of a stage are skipped."""
        first, last = sum(self.depths[:i]), max(1, sum(self.depths) - 1)
        rate = self.drop_path_rate
        return [rate * (first + j) / last for j in range(self.depths[i])]
