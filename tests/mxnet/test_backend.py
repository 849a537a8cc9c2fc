"""What the parity engine asks of MXNet, on models of a reader's own."""

import numpy as onp
import pytest

from d2l import mxnet as d2l
from d2l.common.weights import WeightError
from d2l.mxnet.backend import BACKEND
from d2l.trials.steps import training_step

from mxnet import gluon, np  # isort: skip
from mxnet.gluon import nn  # isort: skip


class Block(gluon.Block):
    """A layer, a norm, a constant, a plain parameter, and an array that is none."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(4, flatten=False)
        self.norm = nn.BatchNorm()
        self.fixed = self.params.get_constant("fixed", np.ones(4))
        self.scale = np.ones(4)
        self.scale.attach_grad()
        self.table = np.arange(4)
        self.initialize()

    def forward(self, X):
        return self.norm(self.dense(X)) * self.scale * self.fixed.data()


class Model(d2l.Classifier):
    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential()
        shared = nn.Dense(4, in_units=4)
        self.net.add(Block(), shared, nn.Activation("relu"), shared)
        self.net.initialize()


NAMES = [
    "net.0.fixed",
    "net.0.scale",
    "net.0.dense.weight",
    "net.0.dense.bias",
    "net.0.norm.weight",
    "net.0.norm.bias",
    "net.0.norm.running_mean",
    "net.0.norm.running_var",
    "net.1.weight",
    "net.1.bias",
    "net.3.weight",
    "net.3.bias",
]


@pytest.fixture
def X():
    rng = onp.random.default_rng(0)
    return BACKEND.to_tensor(rng.standard_normal((5, 3)))


@pytest.fixture
def y():
    return BACKEND.to_tensor(onp.array([0, 1, 2, 3, 0]))


@pytest.fixture
def model(X):
    model = Model()
    BACKEND.materialise(model, [X])
    return model


def test_slots_are_named_by_attribute_path(model):
    slots = list(BACKEND.slots(model))
    assert [s.name for s in slots] == NAMES
    assert [s.name for s in slots if not s.trainable] == [
        "net.0.fixed",
        "net.0.norm.running_mean",
        "net.0.norm.running_var",
    ]


def test_weights_go_out_and_in(model):
    rng = onp.random.default_rng(0)
    weights = {n: rng.random(w.shape) for n, w in BACKEND.weights(model).items()}
    weights["net.3.weight"] = weights["net.1.weight"]
    weights["net.3.bias"] = weights["net.1.bias"]
    BACKEND.load_weights(model, weights)
    for name, values in BACKEND.weights(model).items():
        assert onp.allclose(values, weights[name])
        assert values.dtype == "float32"


def test_models_are_filled_before_they_ever_ran():
    first, second = d2l.LeNet(), d2l.LeNet()
    BACKEND.materialise(first, [np.zeros((1, 1, 28, 28))])
    BACKEND.load_weights(second, BACKEND.weights(first))
    X = np.random.uniform(size=(2, 1, 28, 28))
    assert np.array_equal(first(X), second(X))


def test_wrong_shapes_are_named():
    model = d2l.MLP(10, 16, 0.1)
    BACKEND.materialise(model, [np.zeros((1, 20))])
    weights = BACKEND.weights(model)
    weights["net.3.bias"] = onp.zeros(11)
    with pytest.raises(WeightError, match=r"net\.3\.bias"):
        BACKEND.load_weights(model, weights)


def test_uninitialised_models_are_initialised(X):
    net = nn.Dense(2)
    BACKEND.materialise(net, [X])
    assert set(BACKEND.weights(net)) == {"weight", "bias"}


def test_parts_that_own_parameters_are_caught(model, X):
    output, parts = BACKEND.forward(model, [X], training=False)
    assert sorted(parts) == ["net.0", "net.0.dense", "net.0.norm", "net.1", "net.3"]
    assert np.array_equal(parts["net.3"], output)
    assert not any(block._forward_hooks for block in model.net)


def test_parts_of_compiled_networks_are_caught(X):
    model = d2l.MLP(10, 16, 0.1)
    model.net.hybridize()
    output, parts = BACKEND.forward(model, [X], training=False)
    assert list(parts) == ["net.1", "net.3"]
    assert model.net._active
    assert np.allclose(model(X), output)


def test_training_mode(X):
    model = d2l.DropoutMLP(10, 64, 64, 0.5, 0.5, 0.1)
    BACKEND.materialise(model, [X])
    evaluated = [BACKEND.forward(model, [X], training=False)[0] for _ in range(2)]
    trained = [BACKEND.forward(model, [X], training=True)[0] for _ in range(2)]
    assert np.array_equal(*evaluated)
    assert not np.array_equal(*trained)


def test_shared_masks_repeat(X):
    outputs = []
    for _ in range(2):
        model = d2l.DropoutMLP(10, 64, 64, 0.5, 0.5, 0.1)
        BACKEND.materialise(model, [X])
        with BACKEND.shared_dropout(seed=1) as stream:
            stream.begin(7)
            X_kept = model.net[3](np.ones((5, 64)))
            stream.begin(7)
            _, parts = BACKEND.forward(model, [X], training=True)
        outputs.append(X_kept)
        assert len(parts) == 3
    assert np.array_equal(*outputs)


def test_gradients(model, X, y):
    found = BACKEND.gradients(model, training_step, [X, y])
    assert list(found.parameters) == [
        n for n in NAMES if "running" not in n and "fixed" not in n and "net.3" not in n
    ]
    assert found.inputs["0"].shape == (5, 3)
    again = BACKEND.gradients(model, training_step, [X, y])
    for name, gradient in found.parameters.items():
        assert onp.array_equal(gradient, again.parameters[name])


def test_gradients_of_what_is_not_used_are_zero(X, y):
    class Half(d2l.Classifier):
        def __init__(self):
            super().__init__()
            self.used, self.unused = nn.Dense(4), nn.Dense(4)
            self.initialize()

        def forward(self, X):
            return self.used(X)

    model = Half()
    BACKEND.materialise(model, [X])
    model.unused(X)
    found = BACKEND.gradients(model, training_step, [X, y])
    assert not found.parameters["unused.weight"].any()


def test_functions_are_differentiated_with_weights():
    a = BACKEND.to_tensor(onp.array([[1.0, 2.0], [3.0, 4.0]]))
    output, (gradient,) = BACKEND.call(lambda x, n: x * x * n, [a, 3], [0])
    assert output.asnumpy().tolist() == [[3, 12], [27, 48]]
    assert gradient.asnumpy().tolist() == [[6, 24], [54, 96]]
    assert BACKEND.call(lambda x: x, [a], [])[1] == []


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "bool"])
def test_integers_are_kept(dtype):
    assert BACKEND.to_tensor(onp.ones(2, dtype)).dtype == onp.dtype(dtype)
    assert BACKEND.to_tensor(onp.float64(2)).dtype == onp.float32
