"""Weights, outputs, gradients and optimizers against the PyTorch tree, in float64."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from d2l import tensorflow as d2l
from d2l.common.axes import IMAGES as IMAGES_AXES
from d2l.common.weights import WeightError, join
from d2l.tensorflow import optimizers, weights
from d2l.tensorflow.backend import BACKEND
from d2l.trials.steps import training_step

pytest.importorskip("torch")

from d2l import torch as torch_d2l
from d2l.torch import optimizers as torch_optimizers, weights as torch_weights
from d2l.torch.backend import BACKEND as TORCH

IMAGES = np.random.default_rng(0).random((4, 1, 28, 28))
ROWS = np.random.default_rng(1).random((4, 64))
DROPOUT = (10, 8, 6, 0.5, 0.25, 0.1)
MODELS = {
    "LeNet": ((0.1,), IMAGES),
    "LinearRegression": ((0.1,), ROWS),
    "LinearRegressionScratch": ((64, 0.1), ROWS),
    "WeightDecay": ((3.0, 0.1), ROWS),
    "WeightDecayScratch": ((64, 3.0, 0.1), ROWS),
    "SoftmaxRegression": ((10, 0.1), ROWS),
    "SoftmaxRegressionScratch": ((64, 10, 0.1), ROWS),
    "MLP": ((10, 8, 0.1), ROWS),
    "MLPScratch": ((64, 10, 8, 0.1), ROWS),
    "DropoutMLP": (DROPOUT, ROWS),
    "DropoutMLPScratch": (DROPOUT, ROWS),
}
BLOCKS = {
    "NestMLP": ((), np.ones((2, 20))),
    "FixedHiddenMLP": ((), np.ones((2, 20))),
    "MyLinear": ((20, 3), np.random.default_rng(2).random((2, 20))),
    "CenteredLayer": ((), ROWS),
    "Conv2D": (((2, 3),), np.random.default_rng(2).random((6, 7))),
}


def both(tensors, model, optim):
    """Weights and the optimizer's state."""
    own, state = tensors.weights(model), tensors.optimizer_state(model, optim)
    return join({"model": own, "optimizer": state})


def labels_for(name):
    if ("Regression" in name and "Softmax" not in name) or "Decay" in name:
        return np.random.default_rng(4).random((4, 1))
    return np.array([3, 1, 0, 9])


def make_both(name, arguments, inputs, same_weights):
    own, reference = (getattr(n, name)(*arguments) for n in (d2l, torch_d2l))
    same_weights([inputs], (TORCH, reference), (BACKEND, own))
    return own, reference


def run(backend, model, inputs, training, seed=5):
    with backend.shared_dropout(seed) as stream:
        stream.begin(2)
        output, parts = backend.forward(
            model, [backend.input_tensor(inputs, axes_of(inputs))], training=training
        )
        last = backend.features_last(model)
    found = {k: backend.canonical_part(v, k in last) for k, v in parts.items()}
    return found | {"output": backend.canonical(output, axes_of(output))}


def axes_of(array):
    """Every array of four axes is an image here."""
    return IMAGES_AXES if len(array.shape) == 4 else None


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", MODELS | BLOCKS)
def test_outputs_of_all_parts(name, training, same_weights, relative_error):
    arguments, inputs = (MODELS | BLOCKS)[name]
    own, reference = make_both(name, arguments, inputs, same_weights)
    actual = run(BACKEND, own, inputs, training)
    expected = run(TORCH, reference, inputs, training)
    assert actual.keys() == expected.keys()
    for part, value in expected.items():
        assert relative_error(actual[part], value) < 1e-12, part


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("name", MODELS)
def test_gradients(name, same_weights, relative_error):
    arguments, inputs = MODELS[name]
    own, reference = make_both(name, arguments, inputs, same_weights)
    found = []
    for backend, model in ((BACKEND, own), (TORCH, reference)):
        arrays = inputs, labels_for(name)
        batch = [backend.input_tensor(x, axes_of(x)) for x in arrays]
        with backend.shared_dropout(5) as stream:
            stream.begin(0)
            found.append(backend.gradients(model, training_step, batch))
    actual, expected = found
    assert actual.loss == pytest.approx(expected.loss, rel=1e-12)
    assert actual.parameters.keys() == expected.parameters.keys()
    for parameter, value in expected.parameters.items():
        assert relative_error(actual.parameters[parameter], value) < 1e-11, parameter
    assert (
        relative_error(
            BACKEND.canonical(actual.inputs["0"], axes_of(inputs)), expected.inputs["0"]
        )
        < 1e-11
    )


def test_weights_survive_the_way_through_pytorch(same_weights):
    own, reference = make_both("LeNet", (0.1,), IMAGES, same_weights)
    for name, value in TORCH.weights(reference).items():
        np.testing.assert_array_equal(BACKEND.weights(own)[name], value)


def test_weights_that_do_not_fit_are_refused():
    model = d2l.MLP(10, 8, 0.1)
    BACKEND.materialise(model, [tf.zeros((1, 64))])
    weights = BACKEND.weights(model)
    with pytest.raises(WeightError, match=r"net\.1\.bias"):
        BACKEND.load_weights(model, weights | {"net.1.bias": np.zeros(9)})
    del weights["net.3.weight"]
    with pytest.raises(WeightError, match=r"net\.3\.weight"):
        BACKEND.load_weights(model, weights)


class Own(keras.Model):
    """A model as a reader might write it."""

    def __init__(self):
        super().__init__()
        self.embedding = layers.Embedding(7, 4)
        self.blocks = [layers.Dense(4), layers.Dense(4, use_bias=False)]
        self.heads = {"a": layers.LayerNormalization()}
        self.scale = tf.Variable(tf.ones(4))
        self.shift = tf.Variable(tf.zeros(4), trainable=False)
        self.again = self.blocks[0]

    def call(self, X):
        X = self.embedding(X)
        for block in self.blocks:
            X = block(X)
        return self.again(self.heads["a"](X)) * self.scale + self.shift


def test_slots_of_a_readers_model():
    model = Own()
    BACKEND.materialise(model, [tf.zeros((2, 3), tf.int32)])
    slots = {s.name: s for s in BACKEND.slots(model)}
    shapes = {k: s.canonical().shape for k, s in slots.items()}
    assert shapes == {
        "scale": (4,),
        "shift": (4,),
        "embedding.weight": (7, 4),
        "blocks.0.weight": (4, 4),
        "blocks.0.bias": (4,),
        "blocks.1.weight": (4, 4),
        "heads.a.weight": (4,),
        "heads.a.bias": (4,),
        "again.weight": (4, 4),
        "again.bias": (4,),
    }
    fixed = {name for name, slot in slots.items() if not slot.trainable}
    assert fixed == {"shift", "again.weight", "again.bias"}


def test_slots_of_a_functional_model_and_of_a_module():
    X = keras.Input((5,))
    functional = keras.Model(X, layers.Dense(2, name="out")(X))
    assert list(BACKEND.weights(functional)) == ["out.weight", "out.bias"]

    class Line(tf.Module):
        def __init__(self):
            super().__init__()
            self.w = tf.Variable([2.0])

        def __call__(self, X):
            return X * self.w

    assert list(BACKEND.weights(Line())) == ["w"]
    output, parts = BACKEND.forward(Line(), [tf.ones(1)], training=True)
    assert output.numpy() == 2
    assert parts == {}


def test_variables_in_private_places_are_not_lost():
    model = keras.Sequential([layers.LSTM(3)])
    BACKEND.materialise(model, [tf.zeros((1, 2, 4))])
    assert len(BACKEND.weights(model)) == len(model.weights) == 3


OPTIMIZERS = {
    "sgd": ("sgd", {"lr": 0.1}),
    "momentum": ("sgd", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    "adam": ("adam", {"lr": 0.001}),
}


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("choice", OPTIMIZERS)
def test_optimizers(choice, same_weights, relative_error):
    name, settings = OPTIMIZERS[choice]
    own, reference = make_both("MLP", (10, 8, 0.1), ROWS, same_weights)
    own_optim = getattr(optimizers, name)(own, **settings)
    optim = getattr(torch_optimizers, name)(reference, **settings)
    random = np.random.default_rng(6)
    own_optim.build(own.trainable_variables)
    for _ in range(5):
        pairs, slots = [], {s.name: s for s in BACKEND.slots(own)}
        for (key, p), v in zip(
            reference.named_parameters(), own.trainable_variables, strict=True
        ):
            g = random.normal(size=tuple(p.shape))
            p.grad = TORCH.to_tensor(g)
            pairs.append((tf.constant(slots[key].layout.from_canonical(g)), v))
        optim.step()
        own_optim.apply_gradients(pairs)
    for part, value in both(torch_weights, reference, optim).items():
        actual = both(weights, own, own_optim)[part]
        assert relative_error(actual, value) < 1e-12, part


def test_a_python_float_is_not_rounded_to_float32(float64):
    variable = tf.Variable([0.0], dtype="float64")
    optim = optimizers.SGD(0.1)
    optim.apply_gradients([(tf.ones(1, tf.float64), variable)])
    assert variable.numpy()[0] == -0.1


def test_the_state_of_a_foreign_optimizer_is_kept():
    def make():
        variable = tf.Variable([1.0])
        optim = keras.optimizers.RMSprop(0.1)
        optim.build([variable])
        return variable, optim

    variable, optim = make()
    optim.apply_gradients([(tf.constant([3.0]), variable)])
    state = weights.optimizer_state(None, optim)
    _, other = make()
    weights.load_optimizer_state(None, other, state)
    assert int(other.iterations) == 1
    for a, b in zip(optim.variables, other.variables, strict=True):
        np.testing.assert_array_equal(a, b)
    assert weights.optimizer_state(None, keras.optimizers.SGD(0.1)) == {}


def test_call_gives_the_gradients_of_a_weighted_sum():
    x, y = tf.constant([[1.0, 2.0]]), tf.constant([[3.0, 4.0]])
    output, (gradient,) = BACKEND.call(lambda x, y: x * y, [x, y], [0])
    np.testing.assert_array_equal(output, [[3, 8]])
    np.testing.assert_array_equal(gradient, [[3, 8]])
    assert BACKEND.call(tf.argmax, [x], [])[1] == []
