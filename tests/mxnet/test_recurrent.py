"""Recurrent layers in MXNet: gradients that its own get wrong, masks, graphs."""

import contextlib

import numpy as onp
import pytest

from d2l import mxnet as d2l
from d2l.common.plots.progress_board import CurveRecorder
from d2l.mxnet import recurrent
from d2l.mxnet.backend import BACKEND
from d2l.mxnet.optimizers import adam, sgd

from mxnet import autograd, init, np  # isort: skip
from mxnet.gluon import rnn  # isort: skip

KINDS = ["RNN", "LSTM", "GRU"]


def make_layers(kind, dropout, bidirectional):
    BACKEND.seed(0)
    layers = getattr(recurrent, kind)(
        4, num_layers=2, input_size=3, dropout=dropout, bidirectional=bidirectional
    )
    layers.initialize(init.Xavier())
    # Exact enough for finite differences.
    layers.cast("float64")
    return layers


def inputs():
    return np.array(onp.random.default_rng(0).standard_normal((5, 2, 3)))


def backward(layers, X):
    """A loss after its backward pass, always with the same masks."""
    with BACKEND.shared_dropout(seed=1) as stream:
        stream.begin(0)
        with autograd.record():
            outputs, _ = layers(X)
            loss = (outputs**2).sum()
        loss.backward()
    return float(loss)


def difference(layers, X, parameter, change):
    """How much the loss changes with the first element of a parameter."""
    losses = []
    for sign in (1, -1):
        values = parameter.data().copy()
        values[(0,) * values.ndim] += sign * change
        before = parameter.data().copy()
        parameter.set_data(values)
        losses.append(backward(layers, X))
        parameter.set_data(before)
    return (losses[0] - losses[1]) / (2 * change)


@pytest.mark.parametrize("bidirectional", [False, True], ids=["one", "both"])
@pytest.mark.parametrize("dropout", [0, 0.5])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_of_lower_layers(kind, dropout, bidirectional):
    layers = make_layers(kind, dropout, bidirectional)
    X = inputs()  # needs no gradient
    backward(layers, X)
    gradients = {n: p.grad().asnumpy() for n, p in layers._reg_params.items()}
    for name, parameter in layers._reg_params.items():
        found = gradients[name].reshape(-1)[0]
        assert found == pytest.approx(difference(layers, X, parameter, 1e-5), rel=1e-6)


def test_dropout_is_for_training():
    layers, plain = make_layers("GRU", 0.5, False), make_layers("GRU", 0, False)
    X = inputs()
    assert np.array_equal(layers(X)[0], plain(X)[0])
    assert backward(layers, X) != backward(plain, X)


@pytest.mark.parametrize("kind", KINDS)
def test_states_go_in_as_they_come_out(kind):
    layers, X = make_layers(kind, 0, True), inputs()
    whole, last = layers(X)
    _, state = layers(X[:3])
    _, rest = layers(X[3:], state)
    parts = [last] if isinstance(last, np.ndarray) else list(last)
    assert [part.shape for part in parts] == [(4, 2, 4)] * (1 + (kind == "LSTM"))
    for one, other in zip(parts, [rest] if len(parts) == 1 else rest, strict=True):
        # The forward direction of the lower layer has read the same.
        assert np.allclose(one[0], other[0], rtol=1e-12)
    assert whole.shape == (5, 2, 8)


def test_names_of_gluons_own_layers():
    layers = rnn.LSTM(4, num_layers=2, input_size=3, bidirectional=True)
    layers.initialize()
    assert list(BACKEND.weights(layers))[:8] == [
        "weight_ih_l0",
        "weight_hh_l0",
        "bias_ih_l0",
        "bias_hh_l0",
        "weight_ih_l0_reverse",
        "weight_hh_l0_reverse",
        "bias_ih_l0_reverse",
        "bias_hh_l0_reverse",
    ]


@pytest.fixture(scope="module")
def data():
    # The last batch of an epoch is not full.
    return d2l.TimeMachine(48, 6, num_train=200, num_val=50, source="small")


def language_model(data, layer):
    BACKEND.seed(0)
    model = d2l.RNNLM(layer, data.vocab_size, lr=1)
    BACKEND.materialise(model, [np.zeros((1, 6), dtype="int32")])
    return model


def train(model, data, epochs=2, parity_mode=False, **kwargs):
    model.board = CurveRecorder()
    mode = BACKEND.shared_dropout(0) if parity_mode else contextlib.nullcontext()
    with mode:
        d2l.Trainer(epochs, gradient_clip_val=1).fit(model, data, **kwargs)
    return model.board.curves


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "BiGRU"])
def test_graphs_compute_what_layers_do(data, kind):
    layers = {} if kind in ("RNN", "BiGRU") else {"num_layers": 2}
    model = language_model(data, getattr(d2l, kind)(data.vocab_size, 8, **layers))
    weights = BACKEND.weights(model)
    compiled = train(model, data)
    BACKEND.load_weights(model, weights)
    eager = train(model, data, parity_mode=True)  # runs layers as they are
    assert compiled.keys() == {"train_ppl", "val_ppl"}
    for name, values in compiled.items():
        assert onp.allclose(values, eager[name], rtol=1e-5)
    text = model.predict("the ", 5, data.vocab)
    assert text.startswith("the ")
    assert len(text) == 9


class Mixed(d2l.RNNLM):
    """Plain arrays in the recurrent layer, Gluon's parameters above it."""

    make = staticmethod(sgd)

    def configure_optimizers(self):
        return self.make(self, 0.01)


class AdamMixed(Mixed):
    make = staticmethod(adam)


def mixed(data, cls):
    BACKEND.seed(0)
    model = cls(d2l.RNNScratch(data.vocab_size, 8), data.vocab_size)
    BACKEND.materialise(model, [np.zeros((1, 6), dtype="int32")])
    return model


@pytest.mark.parametrize("kind", KINDS)
def test_no_steps(kind):
    """MXNet's own kernel ends the process; compiled layers stay compiled."""
    layers = make_layers(kind, dropout=0, bidirectional=True)
    layers.hybridize()
    outputs, _ = layers(np.zeros((0, 2, 3), dtype="float64"))
    assert outputs.shape == (0, 2, 8)
    assert layers._active


@pytest.mark.parametrize("cls", [Mixed, AdamMixed])
def test_arrays_and_parameters_are_trained_together(data, cls):
    model = mixed(data, cls)
    before = BACKEND.weights(model)
    train(model, data)
    assert before.keys() == {
        *("rnn.W_xh", "rnn.W_hh", "rnn.b_h"),
        *("linear.weight", "linear.bias"),
    }
    for name, values in BACKEND.weights(model).items():
        assert not onp.array_equal(values, before[name])


def test_a_mixed_training_goes_on(data, tmp_path):
    model, path = mixed(data, AdamMixed), tmp_path / "training.safetensors"
    weights = BACKEND.weights(model)
    whole = train(model, data, 3)["train_ppl"]
    BACKEND.load_weights(model, weights)
    first = train(model, data, 2, checkpoint=path)["train_ppl"]
    rest = train(mixed(data, AdamMixed), data, 3, checkpoint=path)["train_ppl"]
    assert onp.allclose(whole, first + rest, rtol=1e-5)
