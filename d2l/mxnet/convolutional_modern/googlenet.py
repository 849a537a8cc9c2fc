"""Branches side by side: GoogLeNet (Szegedy et al., 2015)."""

from mxnet import init
from mxnet.gluon import nn

from ..linear_classification.classification import Classifier


class Inception(nn.HybridBlock):
    """Four branches that see an image at different scales, their channels joined.

    c1: outputs of the 1 x 1 convolution.
    c2, c3: of the two convolutions before and in the 3 x 3 and the 5 x 5 branch.
    c4: of the branch that pools.
    """

    def __init__(self, c1, c2, c3, c4):
        super().__init__()
        self.b1_1 = nn.Conv2D(c1, kernel_size=1)
        self.b2_1 = nn.Conv2D(c2[0], kernel_size=1)
        self.b2_2 = nn.Conv2D(c2[1], kernel_size=3, padding=1)
        self.b3_1 = nn.Conv2D(c3[0], kernel_size=1)
        self.b3_2 = nn.Conv2D(c3[1], kernel_size=5, padding=2)
        self.b4_1 = nn.MaxPool2D(pool_size=3, strides=1, padding=1)
        self.b4_2 = nn.Conv2D(c4, kernel_size=1)
        self.initialize(init.Xavier())

    def hybrid_forward(self, F, X):
        """Return the same with c1 + c2[1] + c3[1] + c4.

        X: (batch, channels, h, w).
        """
        relu = F.npx.relu
        b1 = relu(self.b1_1(X))
        b2 = relu(self.b2_2(relu(self.b2_1(X))))
        b3 = relu(self.b3_2(relu(self.b3_1(X))))
        b4 = relu(self.b4_2(self.b4_1(X)))
        return F.np.concatenate((b1, b2, b3, b4), axis=1)


class GoogleNet(Classifier):
    """A stem and nine Inception blocks, in five parts, each of which halves the image.

    width: all published numbers of channels are multiplied by it.
    """

    def __init__(self, lr=0.1, num_classes=10, *, width=1.0):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            self.b1(),
            self.b2(),
            self.b3(),
            self.b4(),
            self.b5(),
            nn.Dense(num_classes, flatten=False),
        )
        # Again, where blocks have initialised themselves.
        self.net.initialize(init.Xavier(), force_reinit=True)

    def scaled(self, channels):
        """A number of channels, or a pair of them, times the width; at least one."""
        if isinstance(channels, tuple):
            return tuple(self.scaled(c) for c in channels)
        return max(1, int(self.width * channels))

    def inception(self, *branches):
        """An Inception block of the published numbers of channels, scaled."""
        return Inception(*map(self.scaled, branches))

    def b1(self):
        """A wide convolution."""
        part = nn.HybridSequential()
        part.add(
            nn.Conv2D(self.scaled(64), kernel_size=7, strides=2, padding=3),
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1),
        )
        return part

    def b2(self):
        """A 1 x 1 and a 3 x 3 convolution."""
        part = nn.HybridSequential()
        part.add(
            nn.Conv2D(self.scaled(64), kernel_size=1),
            nn.Activation("relu"),
            nn.Conv2D(self.scaled(192), kernel_size=3, padding=1),
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1),
        )
        return part

    def b3(self):
        """Two Inception blocks."""
        part = nn.HybridSequential()
        part.add(
            self.inception(64, (96, 128), (16, 32), 32),
            self.inception(128, (128, 192), (32, 96), 64),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1),
        )
        return part

    def b4(self):
        """Five Inception blocks."""
        part = nn.HybridSequential()
        part.add(
            self.inception(192, (96, 208), (16, 48), 64),
            self.inception(160, (112, 224), (24, 64), 64),
            self.inception(128, (128, 256), (24, 64), 64),
            self.inception(112, (144, 288), (32, 64), 64),
            self.inception(256, (160, 320), (32, 128), 128),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1),
        )
        return part

    def b5(self):
        """Two Inception blocks, averaged over the image."""
        part = nn.HybridSequential()
        part.add(
            self.inception(256, (160, 320), (32, 128), 128),
            self.inception(384, (192, 384), (48, 128), 128),
            nn.GlobalAvgPool2D(),
            nn.Flatten(),
        )
        return part
