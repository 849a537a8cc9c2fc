"""Compares the MXNet tree with PyTorch's in float64; prints errors as JSON.

A program of its own, because a process has one precision.
"""

import importlib
import json
import tempfile

import numpy as np

from d2l import mxnet as d2l_mxnet, torch as d2l_torch
from d2l.common.plots.progress_board import CurveRecorder
from d2l.parity.backend import load_backend
from d2l.trials.steps import training_step

BACKENDS = {"torch": load_backend("torch"), "mxnet": load_backend("mxnet")}
PACKAGES = {"torch": d2l_torch, "mxnet": d2l_mxnet}
OPTIMIZERS = {
    "sgd": lambda o, m: o.sgd(m, 0.1),
    "momentum": lambda o, m: o.sgd(m, 0.05, momentum=0.9, weight_decay=0.01),
    "adam": lambda o, m: o.adam(m, 0.003),
}


def relative(a, b):
    a, b = np.asarray(a), np.asarray(b)
    assert a.shape == b.shape
    assert a.dtype == b.dtype
    return float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-300))


def worst(first, second):
    assert set(first) == set(second)
    return max([relative(first[k], second[k]) for k in first], default=0.0)


def module(framework, name):
    return importlib.import_module(f"d2l.{framework}.{name}")


def build(framework, name, arguments, weights, X):
    model = getattr(PACKAGES[framework], name)(*arguments)
    backend = BACKENDS[framework]
    if framework == "torch":
        backend.materialise(model, [backend.input_tensor(X)])
    if weights is not None:
        backend.load_weights(model, weights)
    return model


def train(framework, name, arguments, weights, X, optimizer, epochs, checkpoint=None):
    model = build(framework, name, arguments, weights, X)
    model.board = CurveRecorder()
    optimizers = module(framework, "optimizers")
    model.configure_optimizers = lambda: OPTIMIZERS[optimizer](optimizers, model)
    data = PACKAGES[framework].Digits(batch_size=128)
    with BACKENDS[framework].shared_dropout(seed=3):
        trainer = PACKAGES[framework].Trainer(epochs, gradient_clip_val=1)
        trainer.fit(model, data, checkpoint=checkpoint)
    backend = BACKENDS[framework]
    state = backend.optimizer_state(model, trainer.optim)
    return model.board.curves, state, backend.weights(model)


def random_weights(name, arguments, X):
    model = build("torch", name, arguments, None, X)
    rng = np.random.default_rng(0)
    return {
        key: 0.1 * rng.standard_normal(value.shape)
        for key, value in BACKENDS["torch"].weights(model).items()
    }


def one_pass(name, arguments, weights, X, y):
    outputs, gradients = [], []
    for framework, backend in BACKENDS.items():
        model = build(framework, name, arguments, weights, X)
        inputs, labels = [backend.input_tensor(X)], backend.to_tensor(y)
        output, parts = backend.forward(model, inputs, training=False)
        parts = {k: backend.to_numpy(v) for k, v in parts.items()}
        outputs.append({"": backend.to_numpy(output)} | parts)
        with backend.shared_dropout(seed=1) as stream:
            stream.begin(0)
            found = backend.gradients(model, training_step, [*inputs, labels])
        gradients.append(found.parameters | {"X": found.inputs["0"]})
    return {"outputs": worst(*outputs), "gradients": worst(*gradients)}


def curves(name, arguments, weights, X):
    errors = {}
    for optimizer in OPTIMIZERS:
        task = (name, arguments, weights, X, optimizer, 2)
        runs = [train(framework, *task) for framework in BACKENDS]
        kinds = ("curve", "state", "weights")
        for kind, *pair in zip(kinds, *runs, strict=True):
            errors[f"{optimizer} {kind}"] = worst(*pair)
    return errors


def resumed(name, arguments, weights, X):
    """Two epochs at once, or one, then one from the checkpoint of either."""
    errors = {}
    for optimizer in ("momentum", "adam"):
        whole, _, _ = train("mxnet", name, arguments, weights, X, optimizer, 2)
        for framework in BACKENDS:
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/training.safetensors"
                task = (name, arguments, weights, X, optimizer)
                first, _, _ = train(framework, *task, 1, path)
                fresh = (name, arguments, None, X, optimizer)
                rest, _, _ = train("mxnet", *fresh, 2, path)
            joined = first["train_loss"] + rest["train_loss"]
            error = relative(whole["train_loss"], joined)
            errors[f"{optimizer} from {framework}"] = error
    return errors


def main():
    for backend in BACKENDS.values():
        backend.configure("float64")
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((8, 1, 28, 28)), rng.integers(0, 10, 8)
    report = {}
    for name, arguments in (
        ("LeNet", (0.1,)),
        ("MLPScratch", (784, 10, 32, 0.1)),
        ("DropoutMLP", (10, 32, 16, 0.5, 0.3, 0.1)),
    ):
        weights = random_weights(name, arguments, X)
        report[name] = one_pass(name, arguments, weights, X, y)
        report[name] |= curves(name, arguments, weights, X)
        report[name] |= resumed(name, arguments, weights, X)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
