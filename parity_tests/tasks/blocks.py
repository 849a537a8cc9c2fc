"""Blocks that are built out of a framework's own layers."""

from __future__ import annotations

from d2l.parity.function_tasks import run_block
from parity_tests.tasks import native


def block(session, arrays, build, shapes):
    """What the engine's task `block` does, for a block that `build` builds."""
    return run_block(session, arrays, globals()[build](session), shapes)


def my_sequential(session):
    """Two dense layers with a rectifier in between."""
    return session.namespace.MySequential(
        native.dense(session, 5, 7), native.relu(session), native.dense(session, 7, 3)
    )


def padded_convolution(session):
    """A convolution that keeps the size of an image."""
    return _on_single_images(session, native.convolution(session, (3, 5), (1, 2)))


def strided_convolution(session):
    """A convolution that skips positions."""
    layer = native.convolution(session, (3, 5), strides=(3, 4))
    return _on_single_images(session, layer)


def _on_single_images(session, layer):
    d2l = session.namespace

    class Convolution(d2l.Module):
        def __init__(self):
            super().__init__()
            self.conv = layer

        def forward(self, X):
            return d2l.comp_conv2d(self.conv, X)

    return Convolution()
