"""Two epochs and two more are four, bit for bit, whatever the training is driven by."""

import random
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, optimizers

from d2l import tensorflow as d2l
from d2l.common.errors import InputError
from d2l.common.training.state_kinds import StateError
from d2l.common.weights import WeightError
from d2l.tensorflow import optimizers as own_optimizers, weights
from d2l.tensorflow.randomness import normal, uniform
from tests.resuming_checks import (
    SCRIPT,
    classes_of,
    forget,
    require_others_refused,
    require_same_curve,
    require_the_best_epoch,
)

LR = 0.05


class Data(d2l.DataModule):
    """Three batches to train on and two to validate; both in random orders."""

    def __init__(self, batch_size=4):
        super().__init__()
        self.save_hyperparameters()
        numbers = np.random.default_rng(0)
        self.X, self.y = (
            numbers.normal(size=(12, n)).astype("float32") for n in (3, 2)
        )

    def get_dataloader(self, train):
        indices = slice(0, None) if train else slice(0, 8)
        return self.get_tensorloader((self.X, self.y), True, indices)


class Small(d2l.Module):
    """Dropout, batch normalisation, and matrices."""

    def __init__(self, optimizers=None):
        super().__init__()
        self.save_hyperparameters()
        self.net = keras.Sequential(
            [
                layers.Dense(4, use_bias=False),
                layers.BatchNormalization(),
                layers.Dropout(0.5),
                layers.Dense(2, use_bias=False),
            ]
        )

    def loss(self, y_hat, y):
        return tf.reduce_mean((tf.cast(y_hat, y.dtype) - y) ** 2)

    def configure_optimizers(self):
        return self.optimizers(self)


class Momentum(optimizers.Optimizer):
    """An optimizer of this file's own, with Keras's state."""

    def build(self, variables):
        if not self.built:
            super().build(variables)
            self.velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient, variable, learning_rate):
        velocity = self.velocities[self._get_variable_index(variable)]
        self.assign(velocity, 0.9 * velocity + gradient)
        self.assign_sub(variable, learning_rate * velocity)


class Hidden:
    """An optimizer whose state lies in plain attributes; `count` is a plain number."""

    def __init__(self, variables, lr=LR):
        self.rate, self.count = tf.Variable(lr), 0
        self.by_place = [tf.Variable(tf.zeros_like(v)) for v in variables]
        self.by_id = {id(v): tf.Variable(tf.zeros_like(v)) for v in variables}

    def apply_gradients(self, pairs):
        for kept, (gradient, variable) in zip(self.by_place, pairs, strict=True):
            kept.assign(0.9 * kept + gradient)
            own = self.by_id[id(variable)]
            own.assign_add(gradient**2)
            variable.assign_sub(self.rate * kept / tf.sqrt(own + 1))

    def step_done(self):
        """Outside of the compiled step, where plain numbers can change."""
        self.count += 1
        self.rate.assign(LR / (1 + self.count))


class Trainer(d2l.Trainer):
    """Keeps the checkpoint that two epochs leave, and drives `Hidden`."""

    not_saved = ("path",)

    def run_epochs(self, checkpoint):
        self.path = checkpoint and checkpoint.path
        super().run_epochs(checkpoint)

    def begin_epoch(self):
        if self.epoch == 2 and self.path and self.path.stem == "whole":
            shutil.copy(self.path, self.path.with_stem("half"))

    def step_done(self):
        super().step_done()
        getattr(self.optim, "step_done", lambda: None)()


#: Not to be driven by the trainer; its refusals have tests of their own.
REFUSED = {"OptimizerMap": "a part of MultiOptimizer, which is driven"}
LEFT_OUT = {
    "Optimizer": "the base class, which does nothing",
    "LearningRateSchedule": "the base class, which does nothing",
}
OPTIMIZERS = classes_of(optimizers)
SCHEDULES = classes_of(optimizers.schedules)
#: What makes an optimizer that takes more than a learning rate.
ARGUMENTS = {
    "LossScaleOptimizer": lambda c: c(optimizers.Adam(LR), dynamic_growth_steps=4),
    "MultiOptimizer": lambda c: c(
        optimizers.OptimizerMap(
            optimizers.Adam(LR), {".*dense.*": optimizers.SGD(LR, momentum=0.9)}
        )
    ),
    "OptimizerMap": lambda c: c(optimizers.Adam(LR)),
    "CosineDecay": lambda c: c(LR, 9, warmup_target=0.1, warmup_steps=3),
    "CosineDecayRestarts": lambda c: c(LR, 5),
    "ExponentialDecay": lambda c: c(LR, 4, 0.5),
    "InverseTimeDecay": lambda c: c(LR, 4, 0.5),
    "PiecewiseConstantDecay": lambda c: c([3, 7], [LR, LR / 2, LR / 3]),
    "PolynomialDecay": lambda c: c(LR, 9),
}
MORE = {
    "SGD with momentum": lambda m: optimizers.SGD(LR, momentum=0.9, nesterov=True),
    "Adam, amsgrad": lambda m: optimizers.Adam(LR, amsgrad=True),
    "RMSprop, centered": lambda m: optimizers.RMSprop(LR, centered=True, momentum=0.9),
    "averaged": lambda m: optimizers.SGD(LR, use_ema=True, ema_overwrite_frequency=5),
    # Four steps, of which two come after the second epoch: 6 is no multiple.
    "accumulated": lambda m: optimizers.Adam(LR, gradient_accumulation_steps=4),
    "own sgd": lambda m: own_optimizers.sgd(m, LR, momentum=0.9),
    "own adam": lambda m: own_optimizers.adam(m, LR),
    "Momentum": lambda m: Momentum(LR),
    "Hidden": lambda m: Hidden(m.trainable_variables),
}


def made(name):
    """A function that makes a stock optimizer, or one with a stock schedule."""
    cls = OPTIMIZERS.get(name) or SCHEDULES[name]
    make = ARGUMENTS.get(name, lambda c: c(learning_rate=LR))
    if name in OPTIMIZERS:
        return lambda model: make(cls)
    return lambda model: optimizers.SGD(make(cls), momentum=0.9)


STOCK = sorted({*OPTIMIZERS, *SCHEDULES} - {*REFUSED, *LEFT_OUT})
CASES = {name: made(name) for name in STOCK} | MORE


def train(epochs, path=None, optimizers=None, make=Small, data=None, **kwargs):
    """A training from the same start, but for what a checkpoint brings."""
    keras.utils.set_random_seed(1 if path is None or not path.exists() else 99)
    model = make(optimizers or CASES["own adam"])
    model.board.display = False
    trainer = kwargs.pop("trainer", Trainer)(max_epochs=epochs)
    trainer.fit(model, Data() if data is None else data, checkpoint=path, **kwargs)
    return trainer


def state(trainer):
    """All variables of the model, and the optimizer's."""
    optim, model = trainer.optim, trainer.model
    hidden = [*getattr(optim, "by_place", ()), *getattr(optim, "by_id", {}).values()]
    found = [*model.variables, *getattr(optim, "variables", hidden)]
    return [np.array(v.numpy()) for v in found]


def differences(one, other):
    pairs = zip(state(one), state(other), strict=True)
    return [i for i, (a, b) in enumerate(pairs) if not np.array_equal(a, b)]


def check(tmp_path, **kwargs):
    """Four epochs against the last two of them, from what the first two left."""
    whole = train(4, tmp_path / "whole.safetensors", **kwargs)
    rest = train(4, tmp_path / "half.safetensors", **kwargs)
    assert rest.train_batch_idx == whole.train_batch_idx == 12
    assert rest.val_batch_idx == whole.val_batch_idx
    assert differences(whole, rest) == []
    return whole, rest


@pytest.mark.parametrize("name", CASES)
def test_two_epochs_and_two_are_four(tmp_path, name):
    whole, rest = check(tmp_path, optimizers=CASES[name])
    require_same_curve(whole, rest)


def test_a_training_with_checkpoints_is_the_one_without(tmp_path):
    path = tmp_path / "c.safetensors"
    whole = train(4, optimizers=CASES["Adam"])
    train(2, path, optimizers=CASES["Adam"])
    rest = train(4, path, optimizers=CASES["Adam"])
    assert differences(whole, rest) == []


def test_the_state_matters(tmp_path):
    """What the tests above would see if something were forgotten."""
    whole = train(4, tmp_path / "whole.safetensors", make=Noisy)
    for part in ("random", "loaders", "optimizer"):
        forgotten = tmp_path / f"{part}.safetensors"
        forget(tmp_path / "half.safetensors", part, forgotten)
        assert differences(whole, train(4, forgotten, make=Noisy)) != []


class Noisy(Small):
    """Draws in every way that can go on: ours, Keras's and a generator's."""

    def __init__(self, optimizers=None):
        super().__init__(optimizers)
        self.noise = tf.random.Generator.from_seed(random.randrange(100))

    def forward(self, X):
        shape = tf.shape(X)
        X = d2l.mixup(X, X[:, 0])[0]
        X = X + 0.1 * (uniform(shape) + normal(shape) + d2l.randn(4, 3))
        return self.net(
            X + 0.1 * (self.noise.uniform(shape) + keras.random.normal((3,)))
        )


def test_noise_goes_on(tmp_path):
    whole, _ = check(tmp_path, make=Noisy)
    # A seed of TensorFlow's or Keras's own gives the same training again.
    assert differences(whole, train(4, make=Noisy)) == []


class Drawing(Noisy):
    """Draws by what can go on only in steps that are not compiled."""

    def forward(self, X):
        return super().forward(X + tf.random.uniform((3,)) if self.training else X)


class Plain:
    """An optimizer whose count is a plain number, changed within the step.

    asks: whether it asks for a number, so that the step cannot be compiled.
    """

    def __init__(self, asks=False):
        self.count, self.asks = 0, asks

    def apply_gradients(self, pairs):
        self.count += 1
        for gradient, variable in pairs:
            variable.assign_sub(LR / self.count * gradient)
            if self.asks:
                gradient.numpy()


@pytest.mark.filterwarnings("ignore:This step cannot be compiled")
def test_steps_that_are_not_compiled(tmp_path):
    whole, rest = check(tmp_path, make=Drawing, optimizers=lambda m: Plain(asks=True))
    assert whole.optim.count == rest.optim.count == 12


def test_what_changes_only_while_a_step_is_compiled_is_refused(tmp_path):
    class Fixed(Small):
        def forward(self, X):
            return self.net(X) + np.random.rand()

    path = tmp_path / "c.safetensors"
    with pytest.raises(StateError, match=r"optimizer\.count .* compiled"):
        train(1, path, optimizers=lambda model: Plain())
    with pytest.raises(StateError, match="NumPy"):
        train(1, path, make=Fixed)


def test_tensors_of_a_compiled_step_are_no_state(tmp_path):
    class Attentive(Small):
        def forward(self, X):
            self.seen = [self.net(X)]
            return self.seen[0]

    check(tmp_path, make=Attentive)


class Secret(Small):
    def forward(self, X):
        return self.net(X) + tf.random.uniform(())


def test_draws_that_cannot_go_on_are_refused_before_the_first_step(tmp_path):
    path = tmp_path / "c.safetensors"
    train(1, make=Secret)
    with pytest.raises(StateError, match="RandomUniform"):
        train(1, path, make=Secret)
    with pytest.raises(StateError, match=r"tf\.data"):
        train(1, path, data=Shuffled())
    assert not path.exists()


class Shuffled(Data):
    def get_dataloader(self, train):
        pairs = tf.data.Dataset.from_tensor_slices((self.X, self.y))
        return pairs.shuffle(12).batch(4) if train else pairs.batch(4)


class Ordered(Data):
    def get_dataloader(self, train):
        return tf.data.Dataset.from_tensor_slices((self.X, self.y)).batch(4)


class Permuted(Data):
    """Batches in an order that NumPy's global generator decides."""

    def get_dataloader(self, train):
        return Permutation(self.X, self.y)


class Permutation:
    def __init__(self, X, y):
        self.arrays = [tf.constant(a) for a in (X, y)]

    def __len__(self):
        return 3

    def __iter__(self):
        order = np.random.permutation(12)
        for rows in np.split(order, 3):
            yield tuple(tf.gather(a, rows) for a in self.arrays)


@pytest.mark.parametrize("data", [Ordered, Permuted])
def test_foreign_loaders(tmp_path, data):
    check(tmp_path, data=data())


class Watching(Trainer):
    """A reader's trainer with an average, generators, counters, a metric."""

    def prepare_optimizer(self, model):
        super().prepare_optimizer(model)
        self.average = {v.path: tf.identity(v) for v in model.trainable_variables}
        self.noise = tf.random.Generator.from_seed(3)
        self.sampler = np.random.default_rng(4)
        self.mean = keras.metrics.Mean()
        self.history = []

    def step_done(self):
        super().step_done()
        for v, key in zip(self.model.trainable_variables, self.average, strict=True):
            self.average[key] = 0.5 * self.average[key] + 0.5 * v
            v.assign_add(0.01 * self.noise.normal(v.shape))
            number = self.sampler.random() + random.random() + np.random.rand()
            v.assign_add(0.01 * tf.fill(v.shape, float(number)))
            self.mean.update_state(v)
        self.history.append((self.epoch, [float(self.mean.result())]))


def test_a_readers_own_trainer(tmp_path):
    whole, rest = check(tmp_path, trainer=Watching)
    assert whole.history == rest.history
    assert len(rest.history) == 12
    averages = [list(t.average.values()) for t in (whole, rest)]
    assert all(np.array_equal(a, b) for a, b in zip(*averages, strict=True))


class Trees(Data):
    def get_dataloader(self, train):
        pairs = zip(np.split(self.X, 3), np.split(self.y, 3), strict=True)
        return [{"x": tf.constant(X), "more": (y, None, 3)} for X, y in pairs]


class Mapped(Small):
    """A model that takes dictionaries, and has layers within plain lists."""

    def __init__(self, optimizers=None):
        super().__init__(optimizers)
        self.parts = {"list": [self.net], "_hidden": (Counted(),)}

    def validation_step(self, batch):
        y_hat = self.parts["_hidden"][0](self.parts["list"][0](batch["x"]))
        self.plot("loss", self.loss(y_hat, batch["more"][0]), False)

    def training_step(self, batch):
        X = self.net(batch["x"], training=True)
        return self.loss(self.parts["_hidden"][0](X), batch["more"][0])


class Counted(layers.Layer):
    """A reader's layer, with a variable in a private place."""

    def __init__(self):
        super().__init__()
        self._calls = tf.Variable(0.0, trainable=False)

    def call(self, X):
        return X * self._calls.assign_add(0.1)


def test_batches_that_are_trees_and_layers_that_are_lazy(tmp_path):
    check(tmp_path, make=Mapped, data=Trees())


def test_low_precision(tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    kept = tf.Variable([1.0, 3.0], dtype=tf.bfloat16)

    class Rounded(Trainer):
        def prepare_optimizer(self, model):
            super().prepare_optimizer(model)
            self.rounded = tf.Variable(kept)

        def step_done(self):
            super().step_done()
            self.rounded.assign_sub(self.rounded / 3)

    whole, rest = check(tmp_path, trainer=Rounded, optimizers=CASES["Adam"])
    assert np.array_equal(whole.rounded.numpy(), rest.rounded.numpy())
    assert whole.rounded.numpy()[0] != 1


def test_a_scaled_loss_trains_as_one_that_is_not(tmp_path):
    """Clipped, too: a power of two rounds nothing."""

    class Clipped(d2l.Trainer):
        def __init__(self, max_epochs):
            super().__init__(max_epochs, gradient_clip_val=0.1)

    plain = train(2, optimizers=CASES["Adam"], trainer=Clipped)
    scaled = train(2, optimizers=CASES["LossScaleOptimizer"], trainer=Clipped)
    pairs = zip(plain.model.variables, scaled.model.variables, strict=True)
    for a, b in pairs:
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5)


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_trainer_cannot_drive_is_refused(name):
    with pytest.raises(InputError, match=name):
        train(1, optimizers=made(name))


def test_what_cannot_be_saved_is_refused_before_the_first_step(tmp_path):
    class Endless(Small):
        def __init__(self, optimizers=None):
            super().__init__(optimizers)
            self.endless = iter([1, 2])

        def training_step(self, batch):
            raise AssertionError("a step was taken")

    path = tmp_path / "c.safetensors"
    with pytest.raises(StateError, match=r"model\.endless .* list_iterator"):
        train(2, path, make=Endless)
    assert not path.exists()


def test_what_training_has_made_is_refused_by_name(tmp_path):
    class Growing(d2l.Trainer):
        def begin_epoch(self):
            self.late = Hidden([])

    with pytest.raises(StateError, match=r"trainer\.late"):
        train(1, tmp_path / "c.safetensors", trainer=Growing)


def test_checkpoints_of_something_else(tmp_path):
    require_others_refused(train, tmp_path / "c.safetensors", Data(batch_size=6))


def test_a_seed_begins_all_draws_anew():
    draw = tf.function(lambda: uniform((2,)))
    keras.utils.set_random_seed(3)
    first = draw().numpy()
    assert not np.array_equal(draw(), first)
    tf.random.set_seed(3)
    assert np.array_equal(tf.function(lambda: uniform((2,)))(), first)


def test_an_optimizers_state_must_fit():
    trainer = train(1)
    model, optim = trainer.model, trainer.optim
    saved = weights.optimizer_state(model, optim)
    weights.load_optimizer_state(model, optim, saved)
    with pytest.raises(WeightError, match="lacks more"):
        weights.load_optimizer_state(model, optim, saved | {"more": np.zeros(1)})
    del saved["step"]
    with pytest.raises(WeightError, match="has step"):
        weights.load_optimizer_state(model, optim, saved)
    with pytest.raises(WeightError, match=r"lacks exp_avg\."):
        weights.load_optimizer_state(model, optimizers.SGD(LR), saved)


class Scripted(Data):
    """Data to validate with that say how good each epoch is."""

    def get_dataloader(self, train):
        return super().get_dataloader(train) if train else Script()


class Script:
    def __init__(self):
        self.epoch = 0

    def __len__(self):
        return 1

    def __iter__(self):
        self.epoch += 1
        yield (tf.constant(SCRIPT[self.epoch - 1]),)


class Told(Small):
    def validation_step(self, batch):
        self.plot("loss", batch[0], train=False)


def test_the_best_epoch_is_kept_and_training_stops(tmp_path):
    def best(epochs, path=None, **kwargs):
        told = {"make": Told, "data": Scripted(), "keep_best": "val_loss"}
        return train(epochs, path, **told, **kwargs)

    def have_equal_weights(first, second):
        weights = [t.model.trainable_variables for t in (first, second)]
        return all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))

    two, path = train(2, make=Told, data=Scripted()), tmp_path / "c.safetensors"
    require_the_best_epoch(best, two, have_equal_weights, path)


def test_an_optimizer_for_a_model_that_has_another():
    given = train(2, optimizers=CASES["SGD"], optimizer=CASES["Adam"])
    own = train(2, optimizers=CASES["Adam"])
    assert differences(given, own) == []
