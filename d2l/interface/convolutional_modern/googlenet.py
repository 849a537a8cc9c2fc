"""Declarations: googlenet."""


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
