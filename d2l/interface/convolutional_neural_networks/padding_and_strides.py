"""Declarations: padding and strides."""


def comp_conv2d(conv2d, X):
    """Apply a layer for image batches to one image."""
