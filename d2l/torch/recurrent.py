"""PyTorch's recurrent layers, of any number of steps and one by one.

Its kernels refuse sequences of no steps. They take several layers at once, and draw
the masks in between themselves: while masks are shared, the layers run one by one.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator

import torch
from torch import nn


class _AnyLength:
    """What the three kinds of layers have in common; goes before PyTorch's class."""

    def forward(self, input, hx=None):
        """The hidden state of the top layer after every step, and the last states."""
        if len(input):
            return super().forward(input, hx)
        # One step is run for the form of what it returns.
        outputs, end = super().forward(input.new_zeros(1, *input.shape[1:]), hx)
        if hx is None:
            is_pair = isinstance(end, tuple)
            zeros = torch.zeros_like(end[0] if is_pair else end)
            hx = (zeros, zeros) if is_pair else zeros
        return outputs[:0], hx


class RNN(_AnyLength, nn.RNN):
    """Recurrent layers with tanh (Elman, 1990)."""


class LSTM(_AnyLength, nn.LSTM):
    """LSTM layers, gates in the order i, f, g, o."""


class GRU(_AnyLength, nn.GRU):
    """GRU layers, gates in the order r, z, n; the reset gate acts after the product."""


def stack_steps(outputs, state):
    """The hidden states after every step along a new first axis, also after none.

    outputs: a list of them.
    state: the last one, (batch, num_hiddens).
    """
    return torch.stack(outputs) if outputs else state.new_zeros(0, *state.shape)


def run_one_by_one(layers, inputs, state=None):
    """What the layers return, with dropout between them by `nn.Dropout`.

    layers: an `nn.RNN`, `nn.LSTM` or `nn.GRU`.
    inputs and state: what it takes.
    """
    dropout = nn.Dropout(layers.dropout).train(layers.training)
    outputs, ends = inputs, []
    for layer in range(layers.num_layers):
        if layer > 0:
            outputs = dropout(outputs)
        outputs, end = _run_layer(layers, layer, outputs, state)
        ends.append(end)
    if isinstance(layers, nn.LSTM):
        return outputs, tuple(torch.cat(parts) for parts in zip(*ends, strict=True))
    return outputs, torch.cat(ends)


def _run_layer(layers, layer, inputs, state):
    directions = 2 if layers.bidirectional else 1
    own = slice(layer * directions, (layer + 1) * directions)
    # Shares all but what is set here.
    single = copy.copy(layers)
    single.num_layers, single.dropout, single.input_size = 1, 0, inputs.shape[-1]
    single._flat_weights = [w for weights in layers.all_weights[own] for w in weights]
    if isinstance(state, tuple):
        return single(inputs, tuple(part[own] for part in state))
    return single(inputs, None if state is None else state[own])


@contextlib.contextmanager
def one_by_one() -> Iterator[None]:
    """Let recurrent layers with dropout between them run one by one meanwhile."""
    own_forwards = {kind: kind.forward for kind in (nn.RNN, nn.LSTM, nn.GRU)}
    try:
        for kind, own_forward in own_forwards.items():
            kind.forward = _one_by_one_if_dropping(own_forward)  # type: ignore
        yield
    finally:
        for kind, own_forward in own_forwards.items():
            kind.forward = own_forward  # type: ignore[method-assign]


def _one_by_one_if_dropping(own_forward):
    def forward(self, input, hx=None):
        is_dropping = self.training and self.dropout > 0
        run = run_one_by_one if is_dropping else own_forward
        return run(self, input, hx)

    return forward
