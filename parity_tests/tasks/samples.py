"""Random numbers as frameworks draw them, without the shared stream."""

from __future__ import annotations

import inspect

import numpy as np

from d2l.common.training import mask_stream
from parity_tests.tasks import native


def _numpy(session, tensor):
    return np.array(session.backend.to_numpy(tensor), np.float64)


def draws(session, arrays, seed, name, arguments):
    """What a random function of the vocabulary returns."""
    session.backend.seed(seed)
    arguments = [tuple(a) if isinstance(a, list) else a for a in arguments]
    tensor = session.find(name)(*arguments)
    return {}, {"sample": np.array(session.backend.to_numpy(tensor))}


def shared_draws(session, arrays, name, shape, steps):
    """Two layers' numbers of the shared stream, plain and in a compiled step."""
    function, to_numpy = session.find(name), session.backend.to_numpy

    def draw_twice(step):
        mask_stream.active.begin(step)
        return function(tuple(shape)), function(tuple(shape))

    found = {}
    with session.parity_mode():
        ways = {
            "plain": draw_twice,
            "compiled": native.compiled_step(session, draw_twice),
        }
        for way, draw in ways.items():
            for step in steps:
                for layer, tensor in enumerate(draw(step)):
                    found[f"{way}.{step}.{layer}"] = np.array(to_numpy(tensor))
    return {}, found


def initial_weights(session, arrays, seed, name, arguments, init=None, axes=None):
    """The weights a model begins with; `inputs` are a batch to build it for.

    init: an initialiser that `apply_init` is to use; axes: of the inputs.
    """
    backend = session.backend
    backend.seed(seed)
    cls = session.find(name)
    inputs = backend.input_tensor(arrays["inputs"], axes)
    if "num_inputs" in inspect.signature(cls).parameters:
        arguments["num_inputs"] = int(np.prod(arrays["inputs"].shape[1:]))
    model = cls(**arguments)
    backend.materialise(model, [inputs])
    if init is not None:
        model.apply_init([inputs], session.find(init))
    return {"dtypes": native.dtypes(session, model)}, backend.weights(model)


def my_init(session, arrays, seed, inputs, outputs):
    """The weights of a layer that MyInit has filled."""
    session.backend.seed(seed)
    init = session.namespace.MyInit()
    match session.backend.name:
        case "torch":
            from torch import nn

            layer = nn.Linear(inputs, outputs).apply(init)
        case "tensorflow":
            from keras import layers

            layer = layers.Dense(outputs, kernel_initializer=init)
            layer.build((1, inputs))
        case "jax":
            from flax import nnx

            rngs = nnx.Rngs(seed)
            settings = {"kernel_init": init, "param_dtype": float, "rngs": rngs}
            layer = nnx.Linear(inputs, outputs, **settings)
        case "mxnet":
            from mxnet.gluon import nn

            layer = nn.Dense(outputs, in_units=inputs)
            layer.initialize(init)
    # MXNet's layers are in float32 until a model adopts the default precision.
    backend = session.backend
    backend.materialise(layer, [backend.to_tensor(np.zeros((1, inputs)))])
    return {}, backend.weights(layer)


def dropout_layer(session, arrays, seed, rate):
    """A tensor after dropout."""
    session.backend.seed(seed)
    X = session.backend.to_tensor(arrays["X"])
    return {}, {"output": _numpy(session, session.namespace.dropout_layer(X, rate))}


def dropout_model(session, arrays, seed, trial):
    """A model's outputs: twice in training, twice in evaluation."""
    prepared = session.prepare(trial, seed=seed)
    *inputs, _ = prepared.batch
    found = {}
    for mode in ("training", "evaluation"):
        for time in ("first", "second"):
            output, _ = session.backend.forward(
                prepared.model, inputs, training=mode == "training"
            )
            found[f"{mode}.{time}"] = _numpy(session, output)
    return {}, found


def data(session, arrays, name, arguments, tensors=()):
    """The examples of a data module: X and y; `tensors`: arguments to convert."""
    arguments = {
        k: session.backend.to_tensor(np.array(v)) if k in tensors else v
        for k, v in arguments.items()
    }
    made = session.find(name)(**arguments)
    return {}, {key: _numpy(session, getattr(made, key)) for key in ("X", "y")}


def synthetic_data(session, arrays, seed, num_examples):
    """What the older function of that name makes."""
    session.backend.seed(seed)
    w = session.backend.to_tensor(arrays["w"])
    X, y = session.namespace.synthetic_data(w, 4.2, num_examples)
    return {}, {"X": _numpy(session, X), "y": _numpy(session, y)}


def two_draws(session, arrays, seed):
    """Two calls after one seed."""
    session.backend.seed(seed)
    rand = session.namespace.rand
    return {}, {name: _numpy(session, rand((4, 5))) for name in ("first", "second")}
