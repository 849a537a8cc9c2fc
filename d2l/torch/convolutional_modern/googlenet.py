"""Branches side by side: GoogLeNet (Szegedy et al., 2015)."""

import torch
from torch import nn
from torch.nn import functional as F

from ..linear_classification.classification import Classifier


class Inception(nn.Module):
    """Four branches that see an image at different scales, their channels joined.

    c1: outputs of the 1 x 1 convolution.
    c2, c3: of the two convolutions before and in the 3 x 3 and the 5 x 5 branch.
    c4: of the branch that pools.
    """

    def __init__(self, c1, c2, c3, c4):
        super().__init__()
        self.b1_1 = nn.LazyConv2d(c1, kernel_size=1)
        self.b2_1 = nn.LazyConv2d(c2[0], kernel_size=1)
        self.b2_2 = nn.LazyConv2d(c2[1], kernel_size=3, padding=1)
        self.b3_1 = nn.LazyConv2d(c3[0], kernel_size=1)
        self.b3_2 = nn.LazyConv2d(c3[1], kernel_size=5, padding=2)
        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
        self.b4_2 = nn.LazyConv2d(c4, kernel_size=1)

    def forward(self, X):
        """Return the same with c1 + c2[1] + c3[1] + c4.

        X: (batch, channels, h, w).
        """
        b1 = F.relu(self.b1_1(X))
        b2 = F.relu(self.b2_2(F.relu(self.b2_1(X))))
        b3 = F.relu(self.b3_2(F.relu(self.b3_1(X))))
        b4 = F.relu(self.b4_2(self.b4_1(X)))
        return torch.cat((b1, b2, b3, b4), dim=1)


class GoogleNet(Classifier):
    """A stem and nine Inception blocks, in five parts, each of which halves the image.

    width: all published numbers of channels are multiplied by it.
    """

    def __init__(self, lr=0.1, num_classes=10, *, width=1.0):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            self.b1(),
            self.b2(),
            self.b3(),
            self.b4(),
            self.b5(),
            nn.LazyLinear(num_classes),
        )

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
        return nn.Sequential(
            nn.LazyConv2d(self.scaled(64), kernel_size=7, stride=2, padding=3),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )

    def b2(self):
        """A 1 x 1 and a 3 x 3 convolution."""
        return nn.Sequential(
            nn.LazyConv2d(self.scaled(64), kernel_size=1),
            nn.ReLU(),
            nn.LazyConv2d(self.scaled(192), kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )

    def b3(self):
        """Two Inception blocks."""
        return nn.Sequential(
            self.inception(64, (96, 128), (16, 32), 32),
            self.inception(128, (128, 192), (32, 96), 64),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )

    def b4(self):
        """Five Inception blocks."""
        return nn.Sequential(
            self.inception(192, (96, 208), (16, 48), 64),
            self.inception(160, (112, 224), (24, 64), 64),
            self.inception(128, (128, 256), (24, 64), 64),
            self.inception(112, (144, 288), (32, 64), 64),
            self.inception(256, (160, 320), (32, 128), 128),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )

    def b5(self):
        """Two Inception blocks, averaged over the image."""
        return nn.Sequential(
            self.inception(256, (160, 320), (32, 128), 128),
            self.inception(384, (192, 384), (48, 128), 128),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
