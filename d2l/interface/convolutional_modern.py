"""Declarations: modern convolutional networks."""


class AlexNet:
    """AlexNet."""

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        channels=(96, 256, 384, 384, 256),
        num_hiddens=4096,
    ):
        """channels: of the convolutions; num_hiddens: of the dense layers."""


def vgg_block(num_convs, out_channels):
    """Convolutions and a pooling."""


class VGG:
    """VGG."""

    def __init__(self, arch, lr=0.1, num_classes=10, *, num_hiddens=4096):
        """arch: (convolutions, channels) of each block."""


def nin_block(out_channels, kernel_size, strides, padding):
    """A convolution and two of one pixel."""


class NiN:
    """Network in network."""

    def __init__(self, lr=0.1, num_classes=10, *, channels=(96, 256, 384)):
        """channels: of all blocks but the last."""


class Inception:
    """Four branches, joined."""

    def __init__(self, c1, c2, c3, c4):
        """Channels of each branch; c2 and c3 are pairs."""


class GoogleNet:
    """GoogLeNet."""

    def __init__(self, lr=0.1, num_classes=10, *, width=1.0):
        """width: a factor of all numbers of channels."""

    def b1(self):
        """A wide convolution."""

    def b2(self):
        """A 1 x 1 and a 3 x 3 convolution."""

    def b3(self):
        """Two Inception blocks."""

    def b4(self):
        """Five Inception blocks."""

    def b5(self):
        """Two Inception blocks and an average."""


def batch_norm(
    X, gamma, beta, moving_mean, moving_var, eps, momentum, *, training=True
):
    """Batch normalisation."""


class BatchNorm:
    """A layer that normalises each feature."""

    def __init__(self, num_features, num_dims):
        """num_dims: axes of the inputs, 2 or 4."""


class BNLeNetScratch:
    """LeNet with batch normalisation, from scratch."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""


class BNLeNet:
    """LeNet with batch normalisation."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""


class Residual:
    """A residual block."""

    def __init__(self, num_channels, use_1x1conv=False, strides=1):
        """use_1x1conv: a convolution in the shortcut."""

    def branch(self, X):
        """What is added to the input."""

    def shortcut(self, X):
        """The input in the shape of the output."""


class ResNeXtBlock:
    """A residual block of grouped convolutions."""

    def __init__(self, num_channels, groups, bot_mul, use_1x1conv=False, strides=1):
        """groups: the width of a group; bot_mul: factor of the bottleneck."""

    def branch(self, X):
        """What is added to the input."""

    def shortcut(self, X):
        """The input in the shape of the output."""


class ResNet:
    """A residual network."""

    def __init__(self, arch, lr=0.1, num_classes=10, *, stem_channels=64):
        """arch: (blocks, channels) of each stage."""

    def b1(self):
        """The stem."""

    def block(self, num_residuals, num_channels, first_block=False):
        """A stage."""


class ResNet18:
    """ResNet-18."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""


def conv_block(num_channels):
    """A `ConvBlock`."""


class ConvBlock:
    """Normalisation, activation, convolution."""

    def __init__(self, num_channels):
        """num_channels: of the output."""


class DenseBlock:
    """Blocks that see all outputs before them."""

    def __init__(self, num_convs, num_channels):
        """num_channels: what each block adds."""


def transition_block(num_channels):
    """A `TransitionBlock`."""


class TransitionBlock:
    """Fewer channels, half the image's sides."""

    def __init__(self, num_channels):
        """num_channels: of the output."""


class DenseNet:
    """A densely connected network."""

    def __init__(
        self,
        num_channels=64,
        growth_rate=32,
        arch=(4, 4, 4, 4),
        lr=0.1,
        num_classes=10,
    ):
        """arch: convolutional blocks in each dense block."""

    def b1(self):
        """The stem."""


class AnyNet:
    """A stem, stages of ResNeXt blocks, a head."""

    def __init__(self, arch, stem_channels, lr=0.1, num_classes=10):
        """arch: (depth, channels, groups, bot_mul) of each stage."""

    def stem(self, num_channels):
        """A convolution that halves the image's sides."""

    def stage(self, depth, num_channels, groups, bot_mul):
        """Blocks, the first of which halves the image's sides."""


class RegNetX32:
    """A small RegNetX."""

    def __init__(self, lr=0.1, num_classes=10):
        """The learning rate and the number of classes."""


class SE:
    """Squeeze and excitation."""

    def __init__(self, num_channels, reduction=4):
        """reduction: by how much the hidden layer is narrower."""


class LayerNorm2d:
    """Layer normalisation of the channels at every position."""

    def __init__(self, num_channels):
        """num_channels: of the inputs."""


def drop_path(X, drop_prob, training=True):
    """Stochastic depth: drop whole examples."""


class ConvNeXtBlock:
    """A ConvNeXt block."""

    def __init__(self, num_channels, drop_prob=0.0, *, layer_scale=1e-6):
        """drop_prob: how often an example skips it."""


class ConvNeXt:
    """ConvNeXt."""

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
        """depths, channels: of each stage."""


def dws_block(in_channels, out_channels, strides=1):
    """A `DWSBlock`."""


class DWSBlock:
    """A depthwise separable convolution."""

    def __init__(self, in_channels, out_channels, strides=1):
        """strides: of the depthwise convolution."""


class MiniMobileNet:
    """A small MobileNet."""

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        stem_channels=32,
        arch=((64, 1), (128, 2), (128, 1), (256, 2), (256, 1)),
    ):
        """arch: (channels, strides) of each block."""


class RepVGGBlock:
    """Three terms, which become one convolution after training."""

    def __init__(self, in_channels, out_channels, strides=1):
        """The input is a term of its own where it fits."""


def fuse_bn(conv, bn):
    """Weight and bias of the convolution that equals both."""


def fuse_block(block):
    """The convolution and activation that equal a `RepVGGBlock`."""


def smoothed_ce(Y_hat, y, eps=0.1):
    """Cross-entropy with label smoothing."""


def mixup(X, y, alpha=0.2, *, lam=None, permutation=None):
    """Mixed inputs, both labels, and the share of the first."""


def cosine_warmup(step, num_steps, base_lr, warmup_steps=0, final_lr=0.0):
    """A learning rate that rises, then falls by a cosine."""


def step_decay(step, milestones, base_lr, factor=0.1):
    """A learning rate that drops at milestones."""


class EMA:
    """The moving average of a model's weights."""

    def __init__(self, model, decay=0.999):
        """decay: the share of the average that a step keeps."""

    def update(self):
        """Move the averages towards the weights."""

    def swap(self):
        """Exchange averages and weights."""


class StochasticResidual:
    """A residual block that examples skip at times."""

    def __init__(self, num_channels, drop_prob, use_1x1conv=False, strides=1):
        """drop_prob: how often."""
