"""A classifier in PyTorch; `classifier_jax.py` is its port."""

from torch import nn


def network():
    """Two convolutions and a dense layer, for images of 8 x 8 pixels."""
    return nn.Sequential(
        nn.Conv2d(1, 4, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(4, 8, kernel_size=3, stride=2, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 10),
    )
