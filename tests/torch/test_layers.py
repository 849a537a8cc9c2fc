"""Layers of our own in the place of PyTorch's."""

import torch

from d2l.torch.layers import Dropout


def test_dropout_is_not_called_where_it_does_nothing():
    X = torch.ones(1000)
    assert Dropout(0.5).eval()(X) is X
    assert Dropout(0)(X) is X


def test_dropout_drops_in_training():
    dropped = Dropout(0.5)(torch.ones(1000))
    assert set(dropped.tolist()) == {0, 2}


def test_hooks_see_dropout_that_does_nothing():
    layer, seen = Dropout(0.5).eval(), []
    layer.register_forward_hook(lambda *call: seen.append(call))
    layer.register_forward_pre_hook(lambda *call: seen.append(call))
    layer(torch.ones(3))
    assert len(seen) == 2
