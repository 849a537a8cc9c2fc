"""A framework's own layers, for tests of what takes layers as arguments."""

from __future__ import annotations


def dense(session, inputs, outputs):
    """A dense layer; `inputs` matters to Flax alone."""
    match session.backend.name:
        case "torch":
            from torch import nn

            return nn.LazyLinear(outputs)
        case "tensorflow":
            from keras import layers

            return layers.Dense(outputs)
        case "jax":
            from flax import nnx

            return nnx.Linear(inputs, outputs, param_dtype=float, rngs=nnx.Rngs(0))
        case "mxnet":
            from mxnet.gluon import nn

            return _ready(nn.Dense(outputs, flatten=False))


def relu(session):
    """A rectifier as a layer."""
    match session.backend.name:
        case "torch":
            from torch import nn

            return nn.ReLU()
        case "tensorflow":
            from keras import layers

            return layers.Activation("relu")
        case "jax":
            from flax import nnx

            return nnx.relu
        case "mxnet":
            from mxnet.gluon import nn

            return nn.Activation("relu")


def convolution(session, kernel_size, padding, strides):
    """A convolution of one channel; all three arguments are pairs."""
    match session.backend.name:
        case "torch":
            from torch import nn

            return nn.LazyConv2d(1, kernel_size, strides, padding)
        case "tensorflow":
            import keras
            from keras import layers

            # Keras pads by hand, where the padding is the reader's choice.
            return keras.Sequential(
                [
                    layers.ZeroPadding2D(padding),
                    layers.Conv2D(1, kernel_size, strides=strides),
                ]
            )
        case "jax":
            from flax import nnx

            settings = {"param_dtype": float, "rngs": nnx.Rngs(0)}
            pairs = [(p, p) for p in padding]
            return nnx.Conv(
                1, 1, kernel_size, strides=strides, padding=pairs, **settings
            )
        case "mxnet":
            from mxnet.gluon import nn

            return _ready(nn.Conv2D(1, kernel_size, strides, padding))


def _ready(layer):
    """MXNet's layers make their parameters once they are told to."""
    layer.initialize()
    return layer
