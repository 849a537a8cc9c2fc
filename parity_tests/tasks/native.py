"""A framework's own layers, for tests of what takes layers as arguments."""

from __future__ import annotations

from functools import partial
from importlib import import_module


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


def convolution(session, kernel_size, padding=(0, 0), strides=(1, 1)):
    """A convolution of one channel; padded so that the size is kept, or not."""
    match session.backend.name:
        case "torch":
            from torch import nn

            return nn.LazyConv2d(1, kernel_size, strides, padding)
        case "tensorflow":
            from keras import layers

            # By words alone, and "same" means these sizes where strides are 1.
            word = "same" if any(padding) else "valid"
            return layers.Conv2D(1, kernel_size, strides, padding=word)
        case "jax":
            from flax import nnx

            settings = {"strides": strides, "padding": [(p, p) for p in padding]}
            return nnx.Conv(
                1, 1, kernel_size, param_dtype=float, rngs=nnx.Rngs(0), **settings
            )
        case "mxnet":
            from mxnet.gluon import nn

            return _ready(nn.Conv2D(1, kernel_size, strides, padding))


def _ready(layer):
    """MXNet's layers make their parameters once they are told to."""
    layer.initialize()
    return layer


def flat_classifier(session, inputs, outputs):
    """A network that flattens images and has one dense layer."""
    layer = dense(session, inputs, outputs)
    match session.backend.name:
        case "torch":
            from torch import nn

            # Dense layers that learn their size are initialised only then.
            return nn.Sequential(nn.Flatten(), nn.Linear(inputs, outputs))
        case "tensorflow":
            import keras

            return keras.Sequential([keras.layers.Flatten(), layer])
        case "jax":
            from flax import nnx

            return nnx.Sequential(lambda X: X.reshape((len(X), -1)), layer)
        case "mxnet":
            from mxnet.gluon import nn

            net = nn.HybridSequential()
            net.add(nn.Flatten(), layer)
            return net


def compiled(session, function, model):
    """A function of a model as it is now and of tensors, as one of the tensors.

    JAX's is compiled, for it would be slow otherwise.
    """
    if session.backend.name != "jax":
        return partial(function, model)
    import jax
    from flax import nnx

    graph, state = nnx.split(model)

    @jax.jit
    def compiled_function(state, *tensors):
        return function(nnx.merge(graph, state), *tensors)

    return partial(compiled_function, state)


def compiled_step(session, function):
    """A function of a step's number, compiled once for all steps, if it can be."""
    match session.backend.name:
        case "tensorflow":
            import tensorflow as tf

            compiled_function = tf.function(function)
            return lambda step: compiled_function(tf.constant(step))
        case "jax":
            import jax

            return jax.jit(function)
        case _:
            return function


def trained_call(session, model, *inputs):
    """What a model returns as it runs while it is trained: compiled, if it is there."""
    match session.backend.name:
        case "torch":
            return model(*inputs)
        case "tensorflow":
            import tensorflow as tf

            return tf.function(model)(*inputs)
        case "jax":
            return compiled(session, lambda model, *args: model(*args), model)(*inputs)
        case "mxnet":
            from d2l.mxnet.hybridising import hybridised

            with hybridised(model):
                return model(*inputs)


def dtypes(session, model):
    """The types of a model's parameters as they are, not as the backend reads them."""
    match session.backend.name:
        case "torch":
            found = [p.dtype for p in model.parameters()]
        case "tensorflow":
            from d2l.tensorflow.parts import named_tensors

            found = [t.variable.dtype for t in named_tensors(model)]
        case "jax":
            import jax
            from flax import nnx

            found = [x.dtype for x in jax.tree.leaves(nnx.state(model, nnx.Param))]
        case "mxnet":
            from d2l.mxnet.parameters import array_of, named_entries

            found = [array_of(entry).dtype for _, entry in named_entries(model)]
    # Some are NumPy's types, others have names such as torch.float64.
    names = [getattr(x, "__name__", None) or getattr(x, "name", str(x)) for x in found]
    return sorted({name.rpartition(".")[2] for name in names})


def sgd(session, model, lr):
    """Gradient descent as an optimizer that is ready for its first step."""
    make = import_module(f"d2l.{session.backend.name}.optimizers").sgd
    match session.backend.name:
        case "tensorflow":
            optimizer = make(model, lr)
            optimizer.build(model.trainable_variables)
            return optimizer
        case "jax":
            from flax import nnx

            return nnx.Optimizer(model, make(model, lr), wrt=nnx.Param)
        case _:
            return make(model, lr)
