"""Layers of MXNet as the other frameworks have them, as graphs too."""

import math

import numpy as onp
import pytest

from d2l import mxnet as d2l
from d2l.common.data.loading import LimitedData
from d2l.common.plots.progress_board import CurveRecorder
from d2l.mxnet.backend import BACKEND
from d2l.mxnet.hybridising import hybridised
from d2l.mxnet.layers import GELU, BatchNorm, LayerNorm

from mxnet import autograd, np, npx  # isort: skip

MODELS = {
    "BNLeNet": {},
    "BNLeNetScratch": {},
    "ConvNeXt": {"depths": (1, 1), "channels": (4, 8)},
    "DenseNet": {"num_channels": 8, "growth_rate": 4, "arch": (2, 2)},
    "GoogleNet": {"width": 0.0625},
    "MiniMobileNet": {"stem_channels": 4, "arch": ((8, 1), (8, 2))},
    "RegNetX32": {},
    "ResNet": {"arch": ((1, 4), (1, 8)), "stem_channels": 4},
}


@pytest.fixture(scope="module")
def data():
    return LimitedData(d2l.Digits(batch_size=32, resize=(28, 28)), steps=3)


def make(name):
    BACKEND.seed(0)
    return getattr(d2l, name)(lr=0.05, **MODELS[name])


def train(model, data):
    model.board = CurveRecorder()
    d2l.Trainer(max_epochs=1).fit(model, data)
    return model.board.curves["train_loss"], BACKEND.weights(model)


@pytest.mark.parametrize("name", MODELS)
def test_graphs_compute_what_the_layers_compute(name, data):
    model, other = make(name), make(name)
    batch = next(iter(data.train_dataloader()))
    BACKEND.materialise(model, batch[:1])
    BACKEND.load_weights(other, BACKEND.weights(model))
    losses, weights = train(model, data)
    with BACKEND.shared_dropout(0):
        expected_losses, expected = train(other, data)
    assert onp.allclose(losses, expected_losses, rtol=1e-4)
    for tensor, array in weights.items():
        assert onp.allclose(array, expected[tensor], rtol=1e-3, atol=1e-4), tensor


@pytest.mark.parametrize("name", sorted(MODELS.keys() - {"BNLeNetScratch"}))
def test_a_network_is_a_single_graph(name):
    model = make(name)
    with hybridised(model):
        assert model.net._active


def inputs(shape, dtype="float64"):
    return np.array(onp.random.default_rng(0).standard_normal(shape), dtype=dtype)


def batch_norm(dtype, as_graph):
    layer = BatchNorm()
    layer.initialize()
    layer.cast(dtype)
    if as_graph:
        layer.hybridize(static_alloc=True, static_shape=True)
    return layer


def statistics(layer):
    npx.waitall()
    return [s.data().asnumpy() for s in (layer.running_mean, layer.running_var)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("as_graph", [False, True], ids=["layer", "graph"])
def test_running_statistics_are_unbiased(as_graph, dtype):
    layer, mean, var = batch_norm(dtype, as_graph), onp.zeros(3), onp.ones(3)
    # The last batch of an epoch is smaller.
    for n in (4, 4, 2):
        X = 2 + inputs((n, 3, 5, 6), dtype)
        with autograd.record():
            Y = layer(X)
        Y.backward()
        values = onp.moveaxis(X.asnumpy().astype("float64"), 1, 0).reshape(3, -1)
        mean = 0.9 * mean + 0.1 * values.mean(1)
        var = 0.9 * var + 0.1 * values.var(1, ddof=1)
        assert Y.dtype == X.dtype
    for actual, expected in zip(statistics(layer), (mean, var), strict=True):
        assert onp.allclose(actual, expected, rtol=1e-13)


@pytest.mark.parametrize("as_graph", [False, True], ids=["layer", "graph"])
def test_statistics_move_in_training_only(as_graph):
    layer, X = batch_norm("float64", as_graph), inputs((4, 3))
    with autograd.train_mode():
        layer(X)
    before = statistics(layer)
    assert before[0].any()
    Y = layer(X)
    for a, b in zip(before, statistics(layer), strict=True):
        assert onp.array_equal(a, b)
    expected = (X.asnumpy() - before[0]) / onp.sqrt(before[1] + 1e-5)
    assert onp.allclose(Y.asnumpy(), expected, rtol=1e-13)


@pytest.mark.parametrize("as_graph", [False, True], ids=["layer", "graph"])
def test_a_single_value_has_no_variance(as_graph):
    layer = batch_norm("float64", as_graph)
    with autograd.train_mode():
        layer(inputs((1, 3)))
    assert onp.allclose(statistics(layer)[1], 0.9)


def test_many_values_far_from_zero_are_normalised_in_float32():
    layer, X = batch_norm("float32", False), 30 + inputs((64, 2, 28, 28), "float32")
    with autograd.train_mode():
        Y = layer(X).asnumpy()
    values = X.asnumpy().astype("float64")
    mean = values.mean((0, 2, 3), keepdims=True)
    expected = (values - mean) / onp.sqrt(values.var((0, 2, 3), keepdims=True) + 1e-5)
    assert onp.abs(Y - expected).max() < 1e-6


def test_weights_are_all_of_one_precision():
    layer = batch_norm("float32", False)
    BACKEND.materialise(layer, [inputs((4, 3), "float32")])
    assert {a.dtype for a in BACKEND.weights(layer).values()} == {onp.dtype("float32")}


def test_averages_follow_graphs(data):
    model = make("ResNet")
    BACKEND.materialise(model, next(iter(data.train_dataloader()))[:1])
    average, expected = d2l.EMA(model, decay=0.5), BACKEND.weights(model)

    class Averaging(d2l.Trainer):
        def step_done(self):
            super().step_done()
            average.update()
            for name, array in BACKEND.weights(model).items():
                expected[name] = 0.5 * expected[name] + 0.5 * array

    Averaging(max_epochs=1).fit(model, data)
    average.swap()
    for name, array in BACKEND.weights(model).items():
        assert onp.allclose(array, expected[name], rtol=1e-5, atol=1e-7), name


@pytest.mark.parametrize("as_graph", [False, True], ids=["layer", "graph"])
def test_gelu_is_exact_in_float64(as_graph):
    layer, X = GELU(), 3 * inputs(100)
    layer.hybridize(as_graph)
    X.attach_grad()
    with autograd.record():
        Y = layer(X)
    Y.backward()
    for x, y, gradient in zip(*(a.asnumpy() for a in (X, Y, X.grad)), strict=True):
        share = (1 + math.erf(x / math.sqrt(2))) / 2
        density = math.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
        assert y == pytest.approx(x * share, rel=1e-12, abs=1e-15)
        assert gradient == pytest.approx(share + x * density, rel=1e-12, abs=1e-15)


def test_small_values_are_normalised_exactly_in_float64():
    layer, X = LayerNorm(), 1e-3 * inputs((8, 16))
    layer.initialize()
    layer.cast("float64")
    values = X.asnumpy()
    mean, var = values.mean(1, keepdims=True), values.var(1, keepdims=True)
    assert onp.allclose(layer(X).asnumpy(), (values - mean) / onp.sqrt(var + 1e-5))


@pytest.mark.parametrize("as_graph", [False, True], ids=["layer", "graph"])
def test_whole_examples_skip_a_block(as_graph):
    block = d2l.StochasticResidual(3, drop_prob=0.5)
    block.hybridize(as_graph)
    X = inputs((64, 3, 4, 4), "float32")
    with autograd.train_mode():
        Y = block(X).asnumpy()
    skipped = onp.array(
        [onp.array_equal(*pair) for pair in zip(Y, npx.relu(X).asnumpy(), strict=True)]
    )
    assert 10 < skipped.sum() < 54


def test_mixtures_are_drawn():
    X, y = inputs((6, 2)), np.arange(6)
    shares = set()
    for _ in range(5):
        mixed, first, second, lam = d2l.mixup(X, y)
        partners = second.asnumpy().astype(int)
        assert sorted(partners) == list(range(6))
        assert onp.array_equal(first.asnumpy(), y.asnumpy())
        share, values = float(lam), X.asnumpy()
        expected = share * values + (1 - share) * values[partners]
        assert onp.allclose(mixed.asnumpy(), expected)
        shares.add(share)
    assert len(shares) == 5
