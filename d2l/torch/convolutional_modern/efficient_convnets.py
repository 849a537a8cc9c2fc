"""Cheap convolutions: MobileNet (Howard et al., 2017), RepVGG (Ding et al., 2021)."""

import torch
from torch import nn
from torch.nn import functional as F

from ..linear_classification.classification import Classifier


def dws_block(in_channels, out_channels, strides=1):
    """A `DWSBlock`."""
    return DWSBlock(in_channels, out_channels, strides)


class DWSBlock(nn.Module):
    """A depthwise separable convolution: each channel by itself, then 1 x 1.

    strides: of the first of the two.
    """

    def __init__(self, in_channels, out_channels, strides=1):
        super().__init__()
        # Without biases, which the normalisation would take away again.
        self.net = nn.Sequential(
            nn.Conv2d(
                in_channels,
                in_channels,
                kernel_size=3,
                stride=strides,
                padding=1,
                groups=in_channels,
                bias=False,
            ),
            nn.BatchNorm2d(in_channels),
            nn.ReLU(),
            nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, X):
        """Return (batch, out_channels, h, w).

        X: (batch, in_channels, h, w).
        """
        return self.net(X)


class MiniMobileNet(Classifier):
    """A convolution, depthwise separable ones, and an average over the image.

    stem_channels: outputs of the first convolution.
    arch: for each further one the number of outputs and the strides.
    """

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        stem_channels=32,
        arch=((64, 1), (128, 2), (128, 1), (256, 2), (256, 1)),
    ):
        super().__init__()
        self.save_hyperparameters()
        widths = [stem_channels, *[channels for channels, _ in arch]]
        self.net = nn.Sequential(
            nn.LazyConv2d(
                stem_channels, kernel_size=3, stride=2, padding=1, bias=False
            ),
            nn.BatchNorm2d(stem_channels),
            nn.ReLU(),
            *[
                dws_block(width, channels, strides)
                for width, (channels, strides) in zip(widths[:-1], arch, strict=True)
            ],
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.LazyLinear(num_classes),
        )


class RepVGGBlock(nn.Module):
    """The sum of a 3 x 3 and a 1 x 1 convolution, and of the input where it fits.

    Each term is normalised by itself. After training, `fuse_block` makes a single
    convolution of all of them.
    """

    def __init__(self, in_channels, out_channels, strides=1):
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=strides, padding=1, bias=False
        )
        self.conv2 = nn.Conv2d(in_channels, out_channels, 1, stride=strides, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.bn3 = None
        if in_channels == out_channels and strides == 1:
            self.bn3 = nn.BatchNorm2d(in_channels)

    def forward(self, X):
        """Return (batch, out_channels, h, w).

        X: (batch, in_channels, h, w).
        """
        Y = self.bn1(self.conv1(X)) + self.bn2(self.conv2(X))
        if self.bn3 is not None:
            Y = Y + self.bn3(X)
        return F.relu(Y)


def fuse_bn(conv, bn):
    """Weight and bias of the one convolution that equals `conv` and then `bn`.

    With the running statistics of `bn`: as the two are in evaluation mode.
    """
    with torch.no_grad():
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        bias = 0 if conv.bias is None else conv.bias
        weight = conv.weight * scale[:, None, None, None]
        return weight, bn.bias + (bias - bn.running_mean) * scale


def fuse_block(block):
    """One convolution and its activation that equal a `RepVGGBlock` in evaluation."""
    channels = block.conv1.in_channels
    fused = nn.Conv2d(
        channels,
        block.conv1.out_channels,
        kernel_size=3,
        stride=block.conv1.stride,
        padding=1,
    )
    weight, bias = fuse_bn(block.conv1, block.bn1)
    pixels = [fuse_bn(block.conv2, block.bn2)]
    if block.bn3 is not None:
        identity = nn.Conv2d(channels, channels, kernel_size=1, bias=False)
        nn.init.dirac_(identity.weight)
        pixels.append(fuse_bn(identity, block.bn3))
    for pixel, shift in pixels:
        # A 1 x 1 kernel is a 3 x 3 kernel with zeros around.
        weight, bias = weight + F.pad(pixel, (1, 1, 1, 1)), bias + shift
    with torch.no_grad():
        fused.weight.copy_(weight)
        fused.bias.copy_(bias)
    return nn.Sequential(fused, nn.ReLU())
