"""Trainer.fit: curves, compilation, clipping and checkpoints."""

import numpy as np
import pytest
import tensorflow as tf

from d2l import tensorflow as d2l
from d2l.common.plots.progress_board import CurveRecorder
from d2l.common.training import mask_stream
from d2l.tensorflow import optimizers
from d2l.tensorflow.backend import BACKEND


def digits(namespace, size=8, batch_size=354):
    # Four batches, the last of them one example short.
    return namespace.Digits(batch_size=batch_size, resize=(size, size))


def train(namespace, model, data, max_epochs=2, clip=0, **kwargs):
    """The curves of a training."""
    model.board = board = CurveRecorder()
    trainer = namespace.Trainer(max_epochs=max_epochs, gradient_clip_val=clip)
    trainer.fit(model, data, **kwargs)
    return {k: np.array(v) for k, v in board.curves.items()}


def with_optimizer(namespace, cls, arguments, name, settings):
    """A model whose optimizer is one that all frameworks have."""
    module = __import__(f"{namespace.__name__}.optimizers", fromlist=[name])
    make = getattr(module, name)

    class Chosen(cls):
        def configure_optimizers(self):
            return make(self, **settings)

    return Chosen(*arguments)


CURVES = {
    "lenet": ("LeNet", (0.1,), 28, ("sgd", {"lr": 0.1, "momentum": 0.9}), 0),
    "lenet, adam": ("LeNet", (0.1,), 28, ("adam", {"lr": 0.001}), 0),
    "mlp, clipped": ("MLP", (10, 16, 0.1), 8, ("sgd", {"lr": 0.5}), 0.3),
    "dropout": ("DropoutMLP", (10, 16, 8, 0.5, 0.2, 0.1), 8, ("sgd", {"lr": 0.1}), 0),
    "dropout, scratch": (
        "DropoutMLPScratch",
        (10, 16, 8, 0.5, 0.2, 0.1),
        8,
        ("adam", {"lr": 0.01}),
        0,
    ),
}


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("case", CURVES)
def test_curves_are_those_of_pytorch(case, same_weights, relative_error):
    from d2l import torch as torch_d2l
    from d2l.torch.backend import BACKEND as TORCH

    name, arguments, size, optimizer, clip = CURVES[case]
    models = [
        with_optimizer(n, getattr(n, name), arguments, *optimizer)
        for n in (d2l, torch_d2l)
    ]
    same_weights(
        [np.zeros((1, 1, size, size))],
        *zip((BACKEND, TORCH), models, strict=True),
    )
    found = []
    for n, model, backend in zip(
        (d2l, torch_d2l), models, (BACKEND, TORCH), strict=True
    ):
        with backend.shared_dropout(7):
            found.append(train(n, model, digits(n, size, 96), max_epochs=2, clip=clip))
    actual, expected = found
    assert len(expected["train_loss"]) == 30
    for curve, values in expected.items():
        assert relative_error(actual[curve], values) < 1e-10, curve
    for parameter, value in TORCH.weights(models[1]).items():
        own = BACKEND.weights(models[0])[parameter]
        assert relative_error(own, value) < 1e-9, parameter


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("writer", ["tensorflow", "torch"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_resumed_training_goes_on_as_if_never_stopped(
    writer, optimizer, tmp_path, same_weights, relative_error
):
    from d2l import torch as torch_d2l
    from d2l.torch.backend import BACKEND as TORCH

    settings = {"sgd": {"lr": 0.1, "momentum": 0.9}, "adam": {"lr": 0.01}}[optimizer]

    def make(n):
        return with_optimizer(n, n.MLP, (10, 16, 0.1), optimizer, settings)

    whole, first = make(d2l), make(torch_d2l if writer == "torch" else d2l)
    pair = (TORCH if writer == "torch" else BACKEND, first)
    same_weights([np.zeros((1, 1, 8, 8))], (BACKEND, whole), pair)
    expected = train(d2l, whole, digits(d2l), max_epochs=3)

    path = tmp_path / "training.safetensors"
    namespace = torch_d2l if writer == "torch" else d2l
    train(namespace, first, digits(namespace), max_epochs=1, checkpoint=path)
    # A new model that has never seen a batch.
    rest = train(d2l, make(d2l), digits(d2l), max_epochs=3, checkpoint=path)
    assert relative_error(rest["train_loss"], expected["train_loss"][4:]) < 1e-10
    assert relative_error(rest["val_acc"], expected["val_acc"][2:]) < 1e-10


def test_a_new_model_sees_the_batches_in_the_same_order_as_a_built_one():
    data = digits(d2l)
    orders = []
    for is_built in (True, False):
        model = d2l.SoftmaxRegression(10, 0.1)
        if is_built:
            model(tf.zeros((1, 8, 8, 1)))
        trainer = d2l.Trainer(max_epochs=1)
        trainer.fit(model, data)
        orders.append(trainer.train_dataloader.order.epoch)
    assert orders == [1, 1]


class Counting(d2l.SoftmaxRegression):
    def __init__(self):
        super().__init__(10, 0.1)
        self.num_traces = {"train": 0, "val": 0}

    def training_step(self, batch):
        self.num_traces["train"] += 1
        return super().training_step(batch)

    def validation_step(self, batch):
        self.num_traces["val"] += 1
        return super().validation_step(batch)


def test_steps_are_compiled_once_for_each_size_of_batch_and_anew_by_each_fit():
    model, data = Counting(), digits(d2l)
    trainer = d2l.Trainer(max_epochs=3)
    trainer.fit(model, data)
    # Full batches and the shorter last one.
    assert model.num_traces == {"train": 2, "val": 2}
    model.lr = 0.0
    before = BACKEND.weights(model)
    trainer.fit(model, data)
    assert model.num_traces == {"train": 4, "val": 4}
    for name, value in BACKEND.weights(model).items():
        np.testing.assert_array_equal(value, before[name])


def test_steps_run_uncompiled_when_tensorflow_is_told_so():
    tf.config.run_functions_eagerly(True)
    try:
        model = Counting()
        d2l.Trainer(max_epochs=1).fit(model, digits(d2l))
    finally:
        tf.config.run_functions_eagerly(False)
    assert model.num_traces["train"] == 4


class Silent(d2l.SoftmaxRegression):
    """Steps that return what the 2026 edition's return, and plot nothing."""

    def training_step(self, batch):
        return self.loss(self(*batch[:-1]), batch[-1])

    def validation_step(self, batch):
        Y_hat = self(*batch[:-1])
        return self.loss(Y_hat, batch[-1]), self.accuracy(Y_hat, batch[-1])


def test_a_step_that_plots_nothing_still_has_its_curves():
    curves = train(d2l, Silent(10, 0.1), digits(d2l), max_epochs=1)
    assert {k: len(v) for k, v in curves.items()} == {
        "train_loss": 4,
        "val_loss": 2,
        "val_acc": 2,
    }


class WithUnused(d2l.LinearRegressionScratch):
    def __init__(self):
        super().__init__(2, 0.1)
        self.unused = tf.Variable(5.0)


@pytest.mark.parametrize("clip", [0, 1])
def test_a_parameter_without_gradient_stays_as_it_is(clip):
    model = WithUnused()
    data = d2l.SyntheticRegressionData(tf.constant([2, -3.4]), 4.2, num_train=64)
    train(d2l, model, data, max_epochs=1, clip=clip)
    assert model.unused.numpy() == 5
    assert any(v is model.unused for v in model.trainable_variables)


def test_clipping_by_the_joint_norm():
    trainer = d2l.Trainer(max_epochs=1)
    grads = [tf.constant([3.0]), None, tf.constant([[4.0]])]
    clipped = trainer.clip_gradients(1, grads)
    assert clipped[1] is None
    assert [float(tf.squeeze(clipped[i])) for i in (0, 2)] == pytest.approx([0.6, 0.8])
    same = trainer.clip_gradients(10, grads)
    assert float(same[0][0]) == 3
    zero = trainer.clip_gradients(1, [tf.zeros(2)])
    np.testing.assert_array_equal(zero[0], [0, 0])


def test_every_compiled_step_draws_its_own_masks():
    steps = []

    class Stream(mask_stream.MaskStream):
        def uniform(self, step, layer, shape):
            steps.append((int(step), layer))
            return super().uniform(step, layer, shape)

    model = d2l.DropoutMLP(10, 16, 8, 0.5, 0.2, 0.1)
    with BACKEND.shared_dropout(0):
        mask_stream.active = Stream(0)
        d2l.Trainer(max_epochs=2).fit(model, digits(d2l))
    # Within a step TensorFlow may draw for the layers in any order.
    assert sorted(steps) == [(step, layer) for step in range(8) for layer in (0, 1)]


def test_a_model_in_a_model_is_in_its_mode():
    class Inner(d2l.Module):
        def forward(self, X):
            return X * (2.0 if self.training else 1.0)

    class Outer(d2l.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def forward(self, X):
            return self.inner(X)

    model, X = Outer(), tf.ones(1)
    assert model(X).numpy() == 1
    assert model(X, training=True).numpy() == 2
    assert model(X).numpy() == 2  # as it was told last
    model.training = False
    assert model(X).numpy() == 1


def test_dropout_of_keras_follows_the_mode_of_the_model():
    model, X = d2l.DropoutMLP(10, 512, 512, 0.5, 0.5, 0.1), tf.ones((1, 8))
    assert np.array_equal(model(X), model(X))
    model.training = True
    assert not np.array_equal(model(X), model(X))
    model.training = False
    assert np.array_equal(model(X), model(X))


def test_an_optimizer_of_keras_is_resumed_with_its_state(tmp_path):
    class Model(d2l.SoftmaxRegression):
        def configure_optimizers(self):
            return tf.keras.optimizers.RMSprop(0.01)

    whole, first = Model(10, 0.1), Model(10, 0.1)
    for model in (whole, first):
        model(tf.zeros((1, 8, 8, 1)))
    BACKEND.load_weights(first, BACKEND.weights(whole))
    expected = train(d2l, whole, digits(d2l), max_epochs=2)
    path = tmp_path / "training.safetensors"
    train(d2l, first, digits(d2l), max_epochs=1, checkpoint=path)
    rest = train(d2l, Model(10, 0.1), digits(d2l), max_epochs=2, checkpoint=path)
    np.testing.assert_allclose(
        rest["train_loss"], expected["train_loss"][4:], rtol=1e-6
    )


def test_optimizers_take_schedules_and_whole_numbers():
    schedule = tf.keras.optimizers.schedules.PiecewiseConstantDecay([2], [1.0, 0.0])
    variable = tf.Variable(0.0)
    for optim, end in ((optimizers.SGD(schedule), -3.0), (optimizers.SGD(1), -5.0)):
        variable.assign(0.0)
        for _ in range(5):
            optim.apply_gradients([(tf.constant(1.0), variable)])
        assert variable.numpy() == end
