"""Whole models of trials, by their canonical weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from d2l.common.training.mask_stream import MaskStream
from d2l.parity.oracles.classification import (
    cross_entropy,
    cross_entropy_gradients,
    cross_entropy_of_logits,
    softmax,
)
from d2l.parity.oracles.images import average_pooling, convolution
from d2l.parity.oracles.layers import dense, dropout, relu, sigmoid
from d2l.parity.oracles.regression import (
    half_mean_squared_loss,
    l2_penalty,
    linreg,
    mean_squared_loss,
    mean_squared_loss_gradients,
)

Array = np.ndarray
Weights = Mapping[str, Array]
#: weights, inputs, and the stream of masks in training, None in evaluation.
Forward = Callable[[Weights, Array, MaskStream | None], Array]


@dataclass(frozen=True)
class ModelOracle:
    """What a trial's model computes.

    loss: of the output, the labels and the weights.
    gradients: of the loss, as derived by hand, where that is short: by weights, inputs
        and labels.
    """

    forward: Forward
    loss: Callable[[Array, Array, Weights], Array]
    gradients: Callable[[Weights, Array, Array], dict[str, Array]] | None = None


def find(trial: Any) -> ModelOracle | None:
    """The oracle of a trial's model, if there is one."""
    found = MODELS.get(trial.name)
    return found(trial.arguments) if callable(found) else found


def flat(X: Array) -> Array:
    """A row for every example."""
    return X.reshape(len(X), -1)


def layer(weights: Weights, path: str, X: Array) -> Array:
    """The dense layer at `path`."""
    return dense(X, weights[f"{path}.weight"], weights[f"{path}.bias"])


# Linear regression.


def _linear(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
    return layer(weights, "net", X)


def _linear_scratch(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
    return linreg(X, weights["w"], weights["b"])


def _mean_squared(output: Array, y: Array, weights: Weights) -> Array:
    return mean_squared_loss(output, y)


def _half_mean_squared(output: Array, y: Array, weights: Weights) -> Array:
    return half_mean_squared_loss(output, y)


def _penalised(lambd: float) -> Callable[[Array, Array, Weights], Array]:
    def loss(output: Array, y: Array, weights: Weights) -> Array:
        return half_mean_squared_loss(output, y) + lambd * l2_penalty(weights["w"])

    return loss


def _linear_gradients(weights: Weights, X: Array, y: Array) -> dict[str, Array]:
    w, b = mean_squared_loss_gradients(
        X, y, weights["net.weight"].T, weights["net.bias"]
    )
    return {"net.weight": w.T, "net.bias": b}


# Softmax regression and perceptrons.


def _softmax_scratch(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
    return softmax(flat(X) @ weights["W"] + weights["b"])


def _softmax(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
    return layer(weights, "net.1", flat(X))


def _softmax_gradients(weights: Weights, X: Array, y: Array) -> dict[str, Array]:
    found = cross_entropy_gradients(
        flat(X), y, weights["net.1.weight"], weights["net.1.bias"]
    )
    return dict(zip(("net.1.weight", "net.1.bias"), found, strict=True))


def _mlp_scratch(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
    hidden = relu(flat(X) @ weights["W1"] + weights["b1"])
    return hidden @ weights["W2"] + weights["b2"]


def _mlp(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
    return layer(weights, "net.3", relu(layer(weights, "net.1", flat(X))))


def _dropout_mlp(names: tuple[str, ...], rates: tuple[float, float]) -> Forward:
    def forward(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
        hidden = flat(X)
        for number, (name, rate) in enumerate(zip(names, rates, strict=False)):
            hidden = relu(layer(weights, name, hidden))
            if stream is not None:
                uniform = stream.uniform(stream.step, number, hidden.shape)
                hidden = dropout(hidden, rate, uniform)
        return layer(weights, names[2], hidden)

    return forward


# Convolutional networks.


def _lenet(weights: Weights, X: Array, stream: MaskStream | None) -> Array:
    for path, padding in (("net.0", 2), ("net.3", 0)):
        kernel, bias = weights[f"{path}.weight"], weights[f"{path}.bias"]
        X = average_pooling(sigmoid(convolution(X, kernel, bias, padding)), 2)
    X = flat(X)
    for path in ("net.7", "net.9"):
        X = sigmoid(layer(weights, path, X))
    return layer(weights, "net.11", X)


def _cross_entropy(output: Array, y: Array, weights: Weights) -> Array:
    return cross_entropy(output, y)


def _cross_entropy_of_logits(output: Array, y: Array, weights: Weights) -> Array:
    return cross_entropy_of_logits(output, y)


def _weight_decay_scratch(arguments: dict[str, Any]) -> ModelOracle:
    return ModelOracle(_linear_scratch, _penalised(arguments["lambd"]))


def _dropout(*names: str) -> Callable[[dict[str, Any]], ModelOracle]:
    def oracle(arguments: dict[str, Any]) -> ModelOracle:
        rates = arguments["dropout_1"], arguments["dropout_2"]
        return ModelOracle(_dropout_mlp(names, rates), _cross_entropy_of_logits)

    return oracle


#: By the trial's name; where an oracle depends on its arguments, a function of these.
MODELS: dict[str, ModelOracle | Callable[[dict[str, Any]], ModelOracle]] = {
    "linear_regression_scratch": ModelOracle(_linear_scratch, _half_mean_squared),
    "linear_regression": ModelOracle(_linear, _mean_squared, _linear_gradients),
    "kaggle_house": ModelOracle(_linear, _mean_squared, _linear_gradients),
    "weight_decay": ModelOracle(_linear, _mean_squared, _linear_gradients),
    "weight_decay_scratch": _weight_decay_scratch,
    "dropout_mlp": _dropout("net.1", "net.4", "net.7"),
    "dropout_mlp_scratch": _dropout("lin1", "lin2", "lin3"),
    "softmax_regression_scratch": ModelOracle(_softmax_scratch, _cross_entropy),
    "softmax_regression": ModelOracle(
        _softmax, _cross_entropy_of_logits, _softmax_gradients
    ),
    "mlp_scratch": ModelOracle(_mlp_scratch, _cross_entropy_of_logits),
    "mlp": ModelOracle(_mlp, _cross_entropy_of_logits),
    "lenet": ModelOracle(_lenet, _cross_entropy_of_logits),
}
