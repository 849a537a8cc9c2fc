"""Networks whose weights are folded together or averaged."""

from __future__ import annotations

import numpy as np

from d2l.common.axes import IMAGES
from d2l.parity.initial_weights import initial_weights
from d2l.trials.observed import prefixed


def _filled(session, model, inputs, seed=0):
    """Materialise a model and fill it; returns the weights."""
    session.backend.materialise(model, [inputs])
    return _fill(session, model, seed)


def _fill(session, model, seed):
    shapes = {s.name: s.canonical().shape for s in session.backend.slots(model)}
    weights = initial_weights(shapes, seed)
    session.backend.load_weights(model, weights)
    return weights


def fuse_block(session, arrays, in_channels, out_channels, strides):
    """A RepVGG block and its single convolution, in evaluation mode."""
    d2l, backend = session.namespace, session.backend
    X = backend.input_tensor(arrays["inputs"], IMAGES)
    block = d2l.RepVGGBlock(in_channels, out_channels, strides)
    weights = _filled(session, block, X)
    expected, _ = backend.forward(block, [X], training=False)
    fused = d2l.fuse_block(block)
    backend.materialise(fused, [X])
    output, _ = backend.forward(fused, [X], training=False)
    found = {"output": backend.canonical(output, IMAGES)}
    found["block"] = backend.canonical(expected, IMAGES)
    # The names differ from framework to framework; the parts are these two.
    kinds = {k.rpartition(".")[2]: v for k, v in backend.weights(fused).items()}
    return {}, found | prefixed("fused", kinds) | prefixed("weights", weights)


def fuse_bn(session, arrays):
    """A convolution and a normalisation as one; the kernel's elements are sorted.

    Frameworks keep the axes of a kernel in different orders.
    """
    d2l, backend = session.namespace, session.backend
    X = backend.input_tensor(arrays["inputs"], IMAGES)
    block = d2l.Residual(X.shape[-1] if backend.channels_last else X.shape[1])
    weights = _filled(session, block, X)
    weight, bias = map(backend.to_numpy, d2l.fuse_bn(block.conv1, block.bn1))
    found = {"weight": np.sort(weight, axis=None), "bias": np.array(bias)}
    return {}, found | prefixed("weights", weights)


def moving_average(session, arrays, decay, steps):
    """Weights and their average after some steps, each of which fills anew."""
    d2l, backend = session.namespace, session.backend
    model = d2l.DWSBlock(3, 4)
    first = _filled(session, model, backend.input_tensor(arrays["inputs"], IMAGES))
    average, given = d2l.EMA(model, decay), [first]
    for seed in range(1, steps + 1):
        given.append(_fill(session, model, seed))
        average.update()
    average.swap()
    averages = backend.weights(model)
    average.swap()
    found = prefixed("average", averages) | prefixed("last", backend.weights(model))
    for i, weights in enumerate(given):
        found |= prefixed(f"given{i}", weights)
    return {}, found
