"""Recurrent layers, one step at a time.

A state is a tuple: (H,), or (H, C) of an LSTM. The weights of a layer are
(weight_ih, weight_hh, bias_ih, bias_hh), those of the gates one below the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from d2l.parity.oracles.layers import dense, sigmoid

Array = np.ndarray
State = tuple[Array, ...]
Layer = tuple[Array, Array, Array, Array]
Step = Callable[[Array, State], State]


def layer(weights: Mapping[str, Array], path: str, suffix: str = "l0") -> Layer:
    """A layer's weights out of those of a model."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    weight_ih, weight_hh, bias_ih, bias_hh = (
        weights[f"{path}{name}_{suffix}"] for name in names
    )
    return weight_ih, weight_hh, bias_ih, bias_hh


def run(step: Step, inputs: Array, state: State) -> tuple[Array, State]:
    """H after every step, (num_steps, batch, hiddens), and the last state.

    inputs: (num_steps, batch, num_inputs).
    """
    outputs = []
    for X in inputs:
        state = step(X, state)
        outputs.append(state[0])
    return np.reshape(outputs, (len(inputs), *state[0].shape)), state


def rnn_step(own: Layer) -> Step:
    """The step of an RNN with tanh."""
    weight_ih, weight_hh, bias_ih, bias_hh = own

    def step(X: Array, state: State) -> State:
        (H,) = state
        return (np.tanh(dense(X, weight_ih, bias_ih) + dense(H, weight_hh, bias_hh)),)

    return step


def lstm_step(own: Layer) -> Step:
    """The step of an LSTM; gates i, f, g, o."""
    weight_ih, weight_hh, bias_ih, bias_hh = own

    def step(X: Array, state: State) -> State:
        H, C = state
        gates = dense(X, weight_ih, bias_ih) + dense(H, weight_hh, bias_hh)
        i, f, g, o = np.split(gates, 4, axis=-1)
        C = sigmoid(f) * C + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(C), C

    return step


def gru_step(own: Layer) -> Step:
    """The step of a GRU; gates r, z, n, and r applied after the product."""
    weight_ih, weight_hh, bias_ih, bias_hh = own

    def step(X: Array, state: State) -> State:
        (H,) = state
        of_input = np.split(dense(X, weight_ih, bias_ih), 3, axis=-1)
        of_state = np.split(dense(H, weight_hh, bias_hh), 3, axis=-1)
        r = sigmoid(of_input[0] + of_state[0])
        z = sigmoid(of_input[1] + of_state[1])
        n = np.tanh(of_input[2] + r * of_state[2])
        return ((1 - z) * n + z * H,)

    return step


def gru_scratch_step(weights: Mapping[str, Array]) -> Step:
    """The step of the book's GRU, whose R is applied before the product."""

    def gate(name: str, X: Array, H: Array) -> Array:
        W_x, W_h, b = (weights[f"{part}{name}"] for part in ("W_x", "W_h", "b_"))
        return X @ W_x + H @ W_h + b

    def step(X: Array, state: State) -> State:
        (H,) = state
        Z, R = sigmoid(gate("z", X, H)), sigmoid(gate("r", X, H))
        return (Z * H + (1 - Z) * np.tanh(gate("h", X, R * H)),)

    return step


def gathered(weights: Mapping[str, Array], gates: str, path: str = "") -> Layer:
    """The matrices of a layer from scratch as one layer's weights.

    gates: the last letter of their names, such as "ifco" for W_xi, W_xf ...
    """
    W_x, W_h, b = (
        np.concatenate([weights[f"{path}{part}{gate}"] for gate in gates], axis=-1)
        for part in ("W_x", "W_h", "b_")
    )
    return W_x.T, W_h.T, b, np.zeros_like(b)


def zeros(inputs: Array, hiddens: int) -> Array:
    """The H to start from."""
    return np.zeros((inputs.shape[1], hiddens))
