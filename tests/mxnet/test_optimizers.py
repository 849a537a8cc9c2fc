"""The optimizers' formulas, against NumPy, in both precisions."""

import numpy as onp
import pytest

from d2l import mxnet as d2l
from d2l.common.weights import WeightError
from d2l.mxnet.optimizers import ArrayTrainer, adam, sgd
from d2l.mxnet.weights import (
    load_optimizer_state,
    load_weights,
    optimizer_state,
    weights,
)

import mxnet as mx  # isort: skip
from mxnet import autograd, gluon, np  # isort: skip
from mxnet.gluon import nn  # isort: skip

LIMITS = {"float64": 1e-13, "float32": 1e-6}
START = onp.array([0.5, -1.25, 2.0])
#: The gradients of successive steps.
SLOPES = onp.array([[0.3, -0.2, 1e-9], [0.1, 0.4, -1e-9], [-0.7, 0.3, 2e-9]])


class Plain(d2l.Module):
    def __init__(self, dtype):
        super().__init__()
        self.w = np.array(START, dtype=dtype)
        self.w.attach_grad()


class Layered(d2l.Module):
    def __init__(self, dtype):
        super().__init__()
        self.weight = self.params.get("weight", shape=START.shape)
        self.initialize()
        self.cast(dtype)
        self.weight.set_data(np.array(START, dtype=dtype))

    @property
    def w(self):
        return self.weight.data()


def run(model, optim, rates=None):
    """The parameters after each step."""
    path = []
    for i, slope in enumerate(SLOPES):
        if rates is not None:
            optim.set_learning_rate(rates[i])
        with autograd.record():
            loss = (model.w * np.array(slope, dtype=model.w.dtype)).sum()
        loss.backward()
        optim.step(1)
        path.append(model.w.asnumpy())
    return onp.array(path)


def expected_sgd(rates, momentum=0.0, decay=0.0):
    w, v, path = START, 0.0, []
    for lr, slope in zip(rates, SLOPES, strict=True):
        v = momentum * v + slope + decay * w
        w = w - lr * v
        path.append(w)
    return onp.array(path)


def expected_adam(lr, eps=1e-8):
    w, m, s, path = START, 0.0, 0.0, []
    for t, slope in enumerate(SLOPES, start=1):
        m, s = 0.9 * m + 0.1 * slope, 0.999 * s + 0.001 * slope**2
        root = onp.sqrt(s / (1 - 0.999**t)) + eps
        w = w - lr * (m / (1 - 0.9**t)) / root
        path.append(w)
    return onp.array(path)


def require_close(actual, expected, dtype):
    assert actual.dtype == dtype
    assert onp.abs(actual - expected).max() / onp.abs(expected).max() < LIMITS[dtype]


kinds = pytest.mark.parametrize("kind", [Plain, Layered])
precisions = pytest.mark.parametrize("dtype", LIMITS)


@kinds
@precisions
@pytest.mark.parametrize(("momentum", "decay"), [(0, 0), (0, 0.1), (0.9, 0.1)])
def test_sgd(kind, dtype, momentum, decay):
    model = kind(dtype)
    path = run(model, sgd(model, 0.1, momentum, decay))
    require_close(path, expected_sgd([0.1] * 3, momentum, decay), dtype)


@kinds
@precisions
def test_momentum_does_not_hold_the_learning_rate(kind, dtype):
    model, rates = kind(dtype), [0.1, 0.0, 0.02]
    path = run(model, sgd(model, 0.1, momentum=0.9), rates)
    require_close(path, expected_sgd(rates, momentum=0.9), dtype)


@kinds
@precisions
def test_adam(kind, dtype):
    model = kind(dtype)
    # The third gradient is as small as eps: where eps is added matters there.
    require_close(run(model, adam(model, 0.1)), expected_adam(0.1), dtype)


@kinds
@precisions
def test_state_goes_out_and_in(kind, dtype):
    for make in (lambda m: sgd(m, 0.1, momentum=0.9), lambda m: adam(m, 0.1)):
        first, second = kind(dtype), kind(dtype)
        optim = make(first)
        run(first, optim)
        state = optimizer_state(first, optim)
        load_weights(second, weights(first))
        other = make(second)
        load_optimizer_state(second, other, state)
        again = optimizer_state(second, other)
        assert set(again) == set(state)
        require_close(run(second, other), run(first, optim), dtype)


def test_state_of_adam_is_pytorchs():
    model = Plain("float32")
    optim = adam(model, 0.1)
    run(model, optim)
    state = optimizer_state(model, optim)
    assert set(state) == {"exp_avg.w", "exp_avg_sq.w", "step"}
    assert state["step"] == 3
    s = 0.0
    for slope in SLOPES:
        s = 0.999 * s + 0.001 * slope**2
    require_close(state["exp_avg_sq.w"], s, "float32")


def test_no_state_before_the_first_step():
    model = Layered("float32")
    assert optimizer_state(model, adam(model, 0.1)) == {}
    assert optimizer_state(model, d2l.SGD([model.w], 0.1)) == {}


@pytest.mark.parametrize(
    ("name", "options"), [("sgd", {"momentum": 0.9}), ("adam", {})]
)
def test_state_of_mxnets_own_optimizers(name, options):
    model = Layered("float32")
    options = {"learning_rate": 0.1, **options}
    optim = gluon.Trainer(model.collect_params(), name, options)
    run(model, optim)
    state = optimizer_state(model, optim)
    own = sgd(model, 0.1, momentum=0.9) if name == "sgd" else adam(model, 0.1)
    load_weights(model, {"weight": START})
    run(model, own)
    for key, values in optimizer_state(model, own).items():
        assert onp.allclose(state[key], values, rtol=1e-4)


def test_states_of_other_optimizers_are_refused():
    model = Layered("float32")
    optim = adam(model, 0.1)
    run(model, optim)
    state = optimizer_state(model, optim)
    with pytest.raises(WeightError, match=r"lacks exp_avg\.weight, .* has"):
        load_optimizer_state(model, sgd(model, 0.1), state)
    del state["exp_avg_sq.weight"]
    with pytest.raises(WeightError, match=r"has exp_avg_sq\.weight, .* lacks"):
        load_optimizer_state(model, adam(model, 0.1), state)
    for name, options in {
        "MXNet's Nadam": {"optimizer": "nadam"},
        "schedule Factor": {
            "optimizer": "sgd",
            "optimizer_params": {"lr_scheduler": mx.lr_scheduler.FactorScheduler(1)},
        },
    }.items():
        other = gluon.Trainer(model.collect_params(), **options)
        with pytest.raises(WeightError, match=name):
            load_optimizer_state(model, other, {})


def test_many_parameters_of_two_precisions():
    net = nn.HybridSequential()
    net.add(*(nn.Dense(2, in_units=2) for _ in range(45)))
    net.initialize(mx.init.Constant(0.5))
    net[0].cast("float64")
    optim = sgd(net, 0.5, momentum=0.9)
    for p in net.collect_params().values():
        p.grad()[:] = 1
        p.data()._fresh_grad = True
    before = [p.data().asnumpy() for p in net.collect_params().values()]
    optim.step(1)
    for p, old in zip(net.collect_params().values(), before, strict=True):
        assert onp.allclose(p.data().asnumpy(), old - 0.5)


def test_the_batch_size_divides_the_gradients():
    model = Plain("float32")
    optim = sgd(model, 1.0)
    assert isinstance(optim, ArrayTrainer)
    with autograd.record():
        loss = model.w.sum()
    loss.backward()
    optim.step(4)
    require_close(model.w.asnumpy(), START - 0.25, "float32")


def test_weight_decay_of_an_earlier_optimizer_is_forgotten():
    model = d2l.WeightDecay(wd=3, lr=0.1)
    model.configure_optimizers()
    assert model.net.bias.wd_mult == 0
    sgd(model, 0.1, weight_decay=0.1)
    assert model.net.bias.wd_mult == 1
