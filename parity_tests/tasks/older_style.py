"""The helpers of the book's older style, each called as its framework wants it."""

from __future__ import annotations

import contextlib
import io
import re

import numpy as np

from parity_tests.tasks import native


def _tensors(session, arrays):
    return {name: session.backend.to_tensor(array) for name, array in arrays.items()}


def _arrays(session, tensors):
    return {k: np.array(session.backend.to_numpy(v)) for k, v in tensors.items()}


def evaluate(session, arrays):
    """The accuracy and the loss of a linear function."""
    d2l, given = session.namespace, _tensors(session, arrays)

    def net(X):
        return d2l.matmul(X, given["w"])

    labelled = d2l.load_array((given["X"], given["labels"]), 4, is_train=False)
    targets = d2l.load_array((given["X"], given["targets"]), 4, is_train=False)
    return {}, {
        "evaluate_accuracy": np.array(d2l.evaluate_accuracy(net, labelled)),
        "evaluate_loss": np.array(d2l.evaluate_loss(net, targets, d2l.squared_loss)),
    }


def descend(session, arrays, lr, steps):
    """The parameters of a linear model after steps of `sgd` on its summed loss."""
    d2l, given = session.namespace, _tensors(session, arrays)
    X, y, params = given["X"], given["y"], [given["w"], given["b"]]
    params = _parameters(session, params)

    def loss(w, b):
        return d2l.reduce_sum(d2l.squared_loss(d2l.linreg(X, w, b), y))

    for _ in range(steps):
        params = _step(session, loss, params, lr, len(arrays["X"]))
    return {}, _arrays(session, dict(zip("wb", params, strict=True)))


def _parameters(session, tensors):
    """Tensors that a framework can differentiate by and change."""
    match session.backend.name:
        case "torch":
            return [tensor.requires_grad_() for tensor in tensors]
        case "tensorflow":
            import tensorflow as tf

            return [tf.Variable(tensor) for tensor in tensors]
        case "mxnet":
            for tensor in tensors:
                tensor.attach_grad()
    return tensors


def _step(session, loss, params, lr, batch_size):
    """One step; returns the parameters, which JAX cannot change in place."""
    sgd = session.namespace.sgd
    match session.backend.name:
        case "torch":
            loss(*params).backward()
            sgd(params, lr, batch_size)
        case "mxnet":
            from mxnet import autograd

            with autograd.record():
                value = loss(*params)
            value.backward()
            sgd(params, lr, batch_size)
        case "tensorflow":
            import tensorflow as tf

            with tf.GradientTape() as tape:
                value = loss(*params)
            sgd(params, tape.gradient(value, params), lr, batch_size)
        case "jax":
            import jax

            grads = jax.grad(loss, argnums=(0, 1))(*params)
            return sgd(params, list(grads), lr, batch_size)
    return params


def clip(session, arrays, theta):
    """Gradients after `grad_clipping`."""
    grads = _tensors(session, arrays)
    clipping = session.namespace.grad_clipping
    if session.backend.name in ("tensorflow", "jax"):
        clipped = clipping(list(grads.values()), theta)
        return {}, _arrays(session, dict(zip(grads, clipped, strict=True)))
    params = _parameters(session, [grad * 0 for grad in grads.values()])
    for param, grad in zip(params, grads.values(), strict=True):
        if session.backend.name == "torch":
            param.grad = grad
        else:
            param.grad[:] = grad

    class Net:
        """The book's recurrent networks from scratch keep a list of parameters."""

        def __init__(self):
            self.params = params

    clipping(Net(), theta)
    found = {k: p.grad for k, p in zip(grads, params, strict=True)}
    return {}, _arrays(session, found)


def load(session, arrays, batch_size, is_train):
    """Two epochs of batches."""
    given = _tensors(session, arrays)
    loader = session.namespace.load_array(
        (given["X"], given["y"]), batch_size, is_train
    )
    return {}, {
        f"{epoch}.{i}.{name}": np.array(session.backend.to_numpy(part))
        for epoch in range(2)
        for i, batch in enumerate(loader)
        for name, part in zip("Xy", batch, strict=True)
    }


def accumulate(session, arrays):
    """Sums of numbers and of tensors."""
    accumulator = session.namespace.Accumulator(2)
    tensor = session.backend.to_tensor(np.array(4.0))
    accumulator.add(1, tensor + 3)
    accumulator.add(tensor, 0.5)
    sums = [accumulator[0], accumulator[1]]
    accumulator.reset()
    return {"sums": sums, "after_reset": list(accumulator.data)}, {}


def train_ch6(session, arrays):
    """Train softmax regression on the digits in the old style."""
    d2l, printed = session.namespace, io.StringIO()
    session.backend.seed(1)
    data = d2l.Digits(batch_size=64, resize=(8, 8))
    loaders = data.train_dataloader(), data.val_dataloader()
    net = native.flat_classifier(session, 64, 10)
    # TensorFlow is given a function, so that the network is made on the device.
    net = (lambda made=net: made) if session.backend.name == "tensorflow" else net
    with contextlib.redirect_stdout(printed):
        d2l.train_ch6(net, *loaders, 10, 0.3, d2l.try_gpu())
    test_acc = re.search(r"test acc ([0-9.]+)", printed.getvalue())
    return {"printed": printed.getvalue(), "test_acc": float(test_acc[1])}, {}
