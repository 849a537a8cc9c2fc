"""Recurrent layers one by one: what PyTorch's kernel computes, and their masks."""

import pytest
import torch
from torch import nn

from d2l.common.training import mask_stream
from d2l.torch.backend import BACKEND
from d2l.torch.recurrent import run_one_by_one

KINDS = [nn.RNN, nn.LSTM, nn.GRU]


def make_layers(kind, **settings):
    torch.manual_seed(0)
    return kind(4, 3, num_layers=3, dtype=torch.float64, **settings)


def flat(outputs, state):
    return [outputs, *(state if isinstance(state, tuple) else [state])]


@pytest.mark.parametrize("settings", [{}, {"bidirectional": True, "bias": False}])
@pytest.mark.parametrize("kind", KINDS)
def test_layers_are_those_of_the_kernel(kind, settings):
    layers = make_layers(kind, dropout=0.5, **settings).eval()
    inputs = torch.randn(5, 2, 4, dtype=torch.float64)
    state = layers(inputs)[1]
    for start in (None, state):
        found = flat(*run_one_by_one(layers, inputs, start))
        for actual, expected in zip(found, flat(*layers(inputs, start)), strict=True):
            assert torch.equal(actual, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_between_the_layers_and_nowhere_else(kind):
    layers, plain = make_layers(kind, dropout=0.5), make_layers(kind)
    inputs, own_forward = torch.randn(5, 2, 4, dtype=torch.float64), kind.forward
    shapes = []

    class Stream(mask_stream.MaskStream):
        def uniform(self, step, number, shape):
            shapes.append(shape)
            return super().uniform(step, number, shape)

    with BACKEND.shared_dropout(0):
        mask_stream.active = Stream(0)
        training = layers(inputs)[0]
        assert shapes == [(5, 2, 3)] * 2
        assert torch.equal(layers.eval()(inputs)[0], plain(inputs)[0])
    assert len(shapes) == 2
    assert not torch.equal(training, plain(inputs)[0])
    assert kind.forward is own_forward
