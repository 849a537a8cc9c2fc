"""PyTorch's recurrent layers, run one by one while dropout masks are shared.

Its kernels take several layers at once, and draw the masks in between themselves.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator

import torch
from torch import nn


def run_one_by_one(layers, inputs, state=None):
    """What the layers return, with dropout between them by `nn.Dropout`.

    layers: an `nn.RNN`, `nn.LSTM` or `nn.GRU`; inputs and state: what it takes.
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
