"""Cheap convolutions: MobileNet (Howard et al., 2017), RepVGG (Ding et al., 2021)."""

from mxnet import init, np
from mxnet.gluon import nn

from ..layers import BatchNorm
from ..linear_classification.classification import Classifier


def dws_block(in_channels, out_channels, strides=1):
    """A `DWSBlock`."""
    return DWSBlock(in_channels, out_channels, strides)


class DWSBlock(nn.HybridBlock):
    """A depthwise separable convolution: each channel by itself, then 1 x 1.

    strides: of the first of the two.
    """

    def __init__(self, in_channels, out_channels, strides=1):
        super().__init__()
        # Without biases, which the normalisation would take away again.
        settings = {"use_bias": False, "in_channels": in_channels}
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Conv2D(in_channels, 3, strides, 1, groups=in_channels, **settings),
            BatchNorm(in_channels),
            nn.Activation("relu"),
            nn.Conv2D(out_channels, kernel_size=1, **settings),
            BatchNorm(out_channels),
            nn.Activation("relu"),
        )
        self.initialize(init.Xavier())

    def hybrid_forward(self, F, X):
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
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Conv2D(
                stem_channels, kernel_size=3, strides=2, padding=1, use_bias=False
            ),
            BatchNorm(stem_channels),
            nn.Activation("relu"),
            *[
                dws_block(width, channels, strides)
                for width, (channels, strides) in zip(widths[:-1], arch, strict=True)
            ],
            nn.GlobalAvgPool2D(),
            nn.Flatten(),
            nn.Dense(num_classes, flatten=False),
        )
        # Again, where blocks have initialised themselves.
        self.net.initialize(init.Xavier(), force_reinit=True)


class RepVGGBlock(nn.HybridBlock):
    """The sum of a 3 x 3 and a 1 x 1 convolution, and of the input where it fits.

    Each term is normalised by itself. After training, `fuse_block` makes a single
    convolution of all of them.
    """

    def __init__(self, in_channels, out_channels, strides=1):
        super().__init__()
        settings = {"use_bias": False, "in_channels": in_channels}
        self.conv1 = nn.Conv2D(out_channels, 3, strides, padding=1, **settings)
        self.conv2 = nn.Conv2D(out_channels, 1, strides, **settings)
        self.bn1 = BatchNorm(out_channels)
        self.bn2 = BatchNorm(out_channels)
        self.bn3 = None
        if in_channels == out_channels and strides == 1:
            self.bn3 = BatchNorm(in_channels)
        self.initialize(init.Xavier())

    def hybrid_forward(self, F, X):
        """Return (batch, out_channels, h, w).

        X: (batch, in_channels, h, w).
        """
        Y = self.bn1(self.conv1(X)) + self.bn2(self.conv2(X))
        if self.bn3 is not None:
            Y = Y + self.bn3(X)
        return F.npx.relu(Y)


def fuse_bn(conv, bn):
    """Weight and bias of the one convolution that equals `conv` and then `bn`.

    With the running statistics of `bn`: as the two are in evaluation mode.
    """
    return _fuse(conv.weight.data(), 0 if conv.bias is None else conv.bias.data(), bn)


def _fuse(weight, bias, bn):
    mean, var = (
        statistic.data().astype(weight.dtype)
        for statistic in (bn.running_mean, bn.running_var)
    )
    scale = bn.gamma.data() / np.sqrt(var + bn.eps)
    weight = weight * scale.reshape((-1, 1, 1, 1))
    return weight, bn.beta.data() + (bias - mean) * scale


def fuse_block(block):
    """One convolution and its activation that equal a `RepVGGBlock` in evaluation."""
    weight, bias = fuse_bn(block.conv1, block.bn1)
    out_channels, in_channels = weight.shape[:2]
    pixels = [fuse_bn(block.conv2, block.bn2)]
    if block.bn3 is not None:
        identity = np.eye(in_channels, dtype=weight.dtype, ctx=weight.ctx)
        identity = identity.reshape((in_channels, in_channels, 1, 1))
        pixels.append(_fuse(identity, 0, block.bn3))
    for pixel, shift in pixels:
        # A 1 x 1 kernel is a 3 x 3 kernel with zeros around.
        around = ((0, 0), (0, 0), (1, 1), (1, 1))
        weight, bias = weight + np.pad(pixel, around), bias + shift
    fused = nn.Conv2D(
        out_channels,
        3,
        block.conv1._kwargs["stride"],
        padding=1,
        in_channels=in_channels,
    )
    fused.initialize(ctx=weight.ctx)
    fused.cast(weight.dtype)
    fused.weight.set_data(weight)
    fused.bias.set_data(bias)
    net = nn.HybridSequential()
    net.add(fused, nn.Activation("relu"))
    return net
