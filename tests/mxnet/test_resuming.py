"""Two epochs and two more are four, bit for bit, whatever the training is driven by."""

import inspect
import json
import math
import random

import numpy as onp
import pytest

from d2l import mxnet as d2l
from d2l.common.errors import InputError
from d2l.common.training.state_kinds import StateError
from d2l.mxnet.layers import BatchNorm
from d2l.mxnet.optimizers import adam, make_trainer, sgd
from d2l.mxnet.states import States
from d2l.mxnet.weights import weights
from tests.resuming_checks import (
    SCRIPT,
    forget,
    generators_as_now,
    require_others_refused,
    require_same_curve,
    require_the_best_epoch,
    two_and_two,
)

import mxnet as mx  # isort: skip
from mxnet import gluon, np, npx  # isort: skip
from mxnet.gluon import nn  # isort: skip

LR = 0.05


class Data(d2l.DataModule):
    """Three batches to train on and two to validate; both in random orders."""

    def __init__(self, batch_size=4):
        super().__init__()
        self.save_hyperparameters()
        generator = onp.random.default_rng(0)
        self.X = generator.standard_normal((12, 3))
        self.y = generator.standard_normal((12, 2))

    def get_dataloader(self, train):
        indices = slice(0, None) if train else slice(0, 8)
        return self.get_tensorloader((self.X, self.y), True, indices)


class Small(d2l.Module):
    """Dropout, batch normalisation, and matrices only, which GroupAdaGrad asks for."""

    def __init__(self, optimizers=None):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.HybridSequential()
        self.net.add(
            nn.Dense(4, use_bias=False),
            nn.BatchNorm(center=False, scale=False),
            nn.Dropout(0.5),
            nn.Dense(2, use_bias=False),
        )
        self.net.initialize()

    def loss(self, y_hat, y):
        return ((y_hat - y) ** 2).mean()

    def configure_optimizers(self):
        return self.optimizers(self)


class Plain(d2l.Module):
    """Plain arrays, one of which only the first step has a use for."""

    def __init__(self, optimizers):
        super().__init__()
        self.save_hyperparameters()
        self.W, self.v = np.ones((3, 2)), np.ones(2)
        for array in (self.W, self.v):
            array.attach_grad()
        self.calls = 0

    def forward(self, X):
        return npx.dropout(np.dot(X, self.W), p=0.5)

    def loss(self, y_hat, y):
        self.calls += 1
        return ((y_hat - y) ** 2).mean() + ((self.v**2).sum() if self.calls < 2 else 0)

    def configure_optimizers(self):
        return self.optimizers(self)


class Momentum(mx.optimizer.Optimizer):
    """An optimizer of this file's own, with MXNet's state."""

    def create_state(self, index, weight):
        return {"velocity": mx.nd.zeros_like(weight), "count": 0}

    def update(self, index, weight, grad, state):
        self._update_count(index)
        state["velocity"] = 0.9 * state["velocity"] + grad
        state["count"] += 1
        weight -= self._get_lr(index) * state["velocity"] / state["count"]


class Hidden:
    """An optimizer whose state lies in plain attributes, keyed in four ways."""

    def __init__(self, params, lr=LR):
        self.params = [p for p in params.values() if p.grad_req != "null"]
        self.lr, self.count = lr, 0
        self.by_place, self.by_id, self.by_name, self.by_parameter = [], {}, {}, {}

    def step(self, batch_size):
        self.count += 1
        if not self.by_place:
            self.by_place = [np.zeros_like(p.data()) for p in self.params]
        for v, p in zip(self.by_place, self.params, strict=True):
            v[:] = 0.9 * v + p.grad() / batch_size
            self.by_id[id(p)] = self.by_id.get(id(p), 0) + v**2
            self.by_name[p.name] = self.by_name.get(p.name, 1.0) * 0.98
            self.by_parameter[p] = self.by_parameter.get(p, 1.0) * 0.99
            rate = self.lr * self.by_parameter[p] * self.by_name[p.name] / self.count
            p.data()[:] = p.data() - rate * v / np.sqrt(self.by_id[id(p)] + 1)


class Wave(mx.lr_scheduler.LRScheduler):
    """A schedule of this file's own, which counts its calls."""

    def __call__(self, num_update):
        self.calls = getattr(self, "calls", 0) + 1
        return self.base_lr * (1 + math.sin(self.calls))


def stock(optimizer, **options):
    """What drives one of MXNet's optimizers, by name or of this file."""

    def optimizers(model):
        made = optimizer(**options) if inspect.isclass(optimizer) else optimizer
        given = {} if inspect.isclass(optimizer) else options
        return gluon.Trainer(model.collect_params(), made, given)

    return optimizers


def scheduled(name):
    """SGD with momentum at the rates of a schedule, which is made for each training."""
    cls, arguments = SCHEDULERS[name], ARGUMENTS.get(name, {})

    def optimizers(model):
        schedule = cls(base_lr=LR, **arguments)
        return stock("sgd", momentum=0.9, lr_scheduler=schedule)(model)

    return optimizers


STOCK = sorted(mx.optimizer.Optimizer.opt_registry)
#: They have no momentum by default, and other states with it.
WITH_MOMENTUM = [
    n
    for n in STOCK
    if "momentum"
    in inspect.signature(mx.optimizer.Optimizer.opt_registry[n]).parameters
]
#: Cannot be driven by anything in MXNet 1.9.1, which raises in the first step.
BROKEN = {"dcasgd": "asks an array of several numbers whether it is true"}
SCHEDULERS = {
    name: cls
    for name, cls in vars(mx.lr_scheduler).items()
    if inspect.isclass(cls) and cls is not mx.lr_scheduler.LRScheduler
} | {"Wave": Wave}
#: What a schedule needs beside the rate to begin with.
ARGUMENTS = {
    "FactorScheduler": {"step": 2, "factor": 0.7},
    "MultiFactorScheduler": {"step": [2, 7], "factor": 0.5},
    "PolyScheduler": {"max_update": 10, "warmup_steps": 2},
    "CosineScheduler": {"max_update": 10},
}
CASES = {
    **{name: stock(name) for name in STOCK},
    **{
        f"{n} with momentum": stock(n, momentum=0.9)
        for n in WITH_MOMENTUM
        if n not in BROKEN
    },
    "rmsprop, centered": stock("rmsprop", centered=True),
    "adam, rescaled": stock("adam", rescale_grad=0.5, wd=0.1, clip_gradient=0.2),
    "ours, sgd": lambda m: sgd(m, LR, momentum=0.9),
    "ours, adam": lambda m: adam(m, LR),
    "Momentum": stock(Momentum, learning_rate=LR),
    "Hidden": lambda m: Hidden(m.collect_params()),
    **{name: scheduled(name) for name in SCHEDULERS},
}


def train(epochs, path=None, optimizers=None, model=None, data=None, **kwargs):
    """A training from the same start, but for what a checkpoint brings."""
    mx.random.seed(1 if path is None or not path.exists() else 99)
    model = Small(optimizers or CASES["ours, adam"]) if model is None else model()
    model.board.display = False
    trainer = kwargs.pop("trainer", d2l.Trainer)(max_epochs=epochs)
    data = Data() if data is None else data
    trainer.fit(model, data, checkpoint=path, **kwargs)
    return trainer


def state(trainer):
    """All tensors of the model, and the optimizer's."""
    found = list(weights(trainer.model).values())
    optim = trainer.optim
    updaters = getattr(optim, "_updaters", [getattr(optim, "updater", None)])
    for updater in filter(None, updaters):
        for _, own in sorted(updater.states.items()):
            parts = own.values() if isinstance(own, dict) else own
            for part in parts if isinstance(own, (tuple, list, dict)) else [own]:
                found.append(part.asnumpy() if hasattr(part, "asnumpy") else part)
    return found


def are_equal(first, second):
    pairs = zip(state(first), state(second), strict=True)
    return all(onp.array_equal(a, b) for a, b in pairs)


def check(tmp_path, **kwargs):
    return two_and_two(train, are_equal, tmp_path / "c.safetensors", **kwargs)


@pytest.mark.parametrize("name", CASES)
def test_two_epochs_and_two_are_four(tmp_path, name):
    whole, rest = check(tmp_path, optimizers=CASES[name])
    require_same_curve(whole, rest)


@pytest.mark.parametrize("name", BROKEN)
def test_what_mxnet_cannot_drive_with_momentum(name):
    with pytest.raises(ValueError, match="truth value"):
        train(1, optimizers=stock(name, momentum=0.9))


def test_the_state_matters(tmp_path):
    """What the test above would see if something were forgotten."""
    whole, path = train(4), tmp_path / "c.safetensors"
    train(2, path)
    for part in ("trainer", "optimizer", "loaders"):
        forgotten = tmp_path / f"{part}.safetensors"
        forget(path, part, forgotten)
        assert not are_equal(whole, train(4, forgotten))


def test_plain_arrays_and_gradients_that_are_left_over(tmp_path):
    def optimizers(model):
        return make_trainer(model, mx.optimizer.create("nadam", learning_rate=LR))

    for make in (optimizers, lambda m: d2l.SGD([m.W, m.v], LR)):
        whole, _ = check(tmp_path / make.__name__, model=lambda m=make: Plain(m))
        assert float(whole.model.v[0]) != 1


def test_gradients_that_add_up(tmp_path):
    class Adding(Small):
        def __init__(self):
            super().__init__(CASES["ours, sgd"])
            self.net[3].weight.grad_req = "add"

    check(tmp_path, model=Adding)


def test_parameters_that_are_trained_only_later(tmp_path):
    class Frozen(Small):
        def __init__(self):
            super().__init__()
            self.net[3].weight.grad_req = "null"

        def configure_optimizers(self):
            return CASES["ours, adam"](self)

    class Unfreezing(d2l.Trainer):
        def begin_epoch(self):
            super().begin_epoch()
            if self.epoch == 1:
                self.model.net[3].weight.grad_req = "write"

    check(tmp_path, model=Frozen, trainer=Unfreezing)


def test_names_that_sort_otherwise(tmp_path):
    """Gluon's trainer sorts by names, which number the layers of a process."""

    def model(first):
        def make():
            mx.name.NameManager._current.value._counter["dense"] = first
            return Small(CASES["nadam"])

        return make

    path = tmp_path / "c.safetensors"
    whole = train(4, model=model(8))
    train(2, path, model=model(8))
    rest = train(4, path, model=model(9))
    names = [[t.model.net[i].weight.name for i in (0, 3)] for t in (whole, rest)]
    assert [n == sorted(n) for n in names] == [True, False]
    assert are_equal(whole, rest)


def test_what_the_trainer_cannot_drive_is_refused():
    for problem, optimizer in {
        "NAG, which has no step": lambda m: mx.optimizer.NAG(),
        "not a tuple": lambda m: (CASES["sgd"](m), None),
        "Closing, .* 'closure'": lambda m: Closing(),
    }.items():
        with pytest.raises(InputError, match=problem):
            train(1, optimizers=optimizer)


class Closing:
    """An optimizer that a training loop cannot drive."""

    def step(self, batch_size, closure):
        raise NotImplementedError


class Watching(d2l.Trainer):
    """A reader's trainer with an average, a generator, counters."""

    def prepare_optimizer(self, model):
        super().prepare_optimizer(model)
        self.average = {}
        self.sampler = onp.random.default_rng(4)
        self.history = []

    def step_done(self):
        super().step_done()
        for p in self.model.net[0].params.values():
            mean = self.average.setdefault(p.name, np.zeros_like(p.data()))
            mean[:] = 0.5 * mean + 0.5 * p.data()
            noise = self.sampler.random() + random.random() + onp.random.rand()
            p.data()[:] = p.data() + 0.01 * (np.random.normal(size=(4, 3)) + noise)
        self.history.append((self.epoch, [float(p.data().sum())]))


def test_a_readers_own_trainer(tmp_path):
    random.seed(5)
    onp.random.seed(5)
    set_back = generators_as_now()

    class Seeded(Watching):
        def prepare_model(self, model):
            super().prepare_model(model)
            set_back()

    whole, rest = check(tmp_path, trainer=Seeded)
    assert whole.history == rest.history
    assert len(rest.history) == 12
    (a,), (b,) = whole.average.values(), rest.average.values()
    assert onp.array_equal(a, b)


def test_foreign_loaders_draw_from_the_global_generator(tmp_path):
    class Foreign(Data):
        def get_dataloader(self, train):
            n = 12 if train else 8
            X, y = (a[:n].astype("float32") for a in (self.X, self.y))
            pairs = gluon.data.ArrayDataset(np.array(X), np.array(y))
            return gluon.data.DataLoader(pairs, self.batch_size, shuffle=True)

    set_back = generators_as_now()

    class Seeded(d2l.Trainer):
        def prepare_model(self, model):
            super().prepare_model(model)
            set_back()

    check(tmp_path, data=Foreign(), trainer=Seeded)


def test_lazy_layers_and_batches_that_are_trees(tmp_path):
    """With batch normalisation in float64, whose graph changes its own statistics."""

    class Trees(Data):
        def get_dataloader(self, train):
            X, y = (np.array(a, dtype="float32") for a in (self.X, self.y))
            parts = [slice(i, i + 4) for i in range(0, 12, 4)]
            return [{"x": X[part], "more": (y[part], None, 3)} for part in parts]

    class Lazy(Small):
        def __init__(self):
            super().__init__(CASES["ours, sgd"])
            self.net = nn.HybridSequential()
            self.net.add(nn.Dense(4), BatchNorm(), nn.Dropout(0.5), nn.Dense(2))
            self.net.initialize()

        def validation_step(self, batch):
            self.plot("loss", self.loss(self(batch["x"]), batch["more"][0]), False)

        def training_step(self, batch):
            return self.loss(self(batch["x"]), batch["more"][0])

    path = tmp_path / "c.safetensors"
    whole = train(4, model=Lazy, data=Trees())
    train(2, path, model=Lazy, data=Trees())
    rest = train(4, path, model=Lazy, data=Trees())
    assert are_equal(whole, rest)
    statistics = [t.model.net[1].running_var.data() for t in (whole, rest)]
    assert onp.array_equal(*statistics)


def test_arrays_of_all_kinds():
    convolution = nn.Conv2D(16, 5, in_channels=6)
    convolution.initialize()
    # A convolution puts its weights in a layout of its own.
    convolution(np.ones((2, 6, 9, 9)))
    arrays = [
        convolution.weight.data(),
        np.array(0.5),
        np.zeros((0, 3)),
        np.array([[2, 3]], dtype="int64"),
        mx.nd.array([[0.0, 2], [3, 0]]),
        mx.nd.array([[0.0, 2], [0, 0]]).tostype("row_sparse"),
        np.array([True, False]),
    ]
    kinds = States()
    for array in arrays:
        numbers, note = kinds.read(array)
        note = json.loads(json.dumps(note))
        for found in (kinds.write(array, numbers, note), kinds.make(numbers, note)):
            assert type(found) is type(array)
            assert found.dtype == array.dtype
            assert onp.array_equal(found.asnumpy(), numbers)
    numbers, note = kinds.read(arrays[0])
    kinds.write(arrays[0], numbers + 1, note)
    assert onp.array_equal(convolution.weight.data().asnumpy(), numbers + 1)
    with pytest.raises(ValueError, match="shape"):
        kinds.write(arrays[0], numbers[:2], note)


def test_empty_batches():
    class Nothing(d2l.Module):
        def __init__(self):
            super().__init__()
            self.w = np.ones(1)
            self.w.attach_grad()

        def training_step(self, batch):
            assert batch == ()
            return (self.w**2).sum()

        def configure_optimizers(self):
            return d2l.SGD([self.w], LR)

    class Empty(d2l.DataModule):
        def get_dataloader(self, train):
            return [(), ()] if train else None

    trainer = train(2, model=Nothing, data=Empty())
    assert float(trainer.model.w) == pytest.approx((1 - 2 * LR) ** 4)


def test_what_cannot_be_saved_is_refused_before_the_first_step(tmp_path):
    class Endless(Small):
        def __init__(self):
            super().__init__(CASES["adam"])
            self.endless = iter([1, 2])

    path = tmp_path / "c.safetensors"
    with pytest.raises(StateError, match=r"model\.endless .* list_iterator"):
        train(2, path, model=Endless)

    def shared(model):
        store = mx.kv.create("local")
        return gluon.Trainer(model.collect_params(), "adam", kvstore=store)

    with pytest.raises(StateError, match=r"optimizer\._kvstore_params\.kvstore"):
        train(2, path, optimizers=shared)
    assert not path.exists()


def test_what_training_has_made_is_refused_by_name(tmp_path):
    class Growing(d2l.Trainer):
        def begin_epoch(self):
            super().begin_epoch()
            self.late = Hidden({})

    with pytest.raises(StateError, match=r"trainer\.late "):
        train(1, tmp_path / "c.safetensors", trainer=Growing)


def test_checkpoints_of_something_else(tmp_path):
    require_others_refused(train, tmp_path / "c.safetensors", Data(batch_size=6))


class Scripted(Small):
    """A model whose metric is written down beforehand, by epoch."""

    def validation_step(self, batch):
        self.plot("loss", np.array(SCRIPT[self.trainer.epoch]), train=False)


def test_the_best_epoch_is_kept_and_training_stops(tmp_path):
    def best(epochs, path=None, **kwargs):
        def model():
            return Scripted(CASES["adam"])

        return train(epochs, path, model=model, keep_best="val_loss", **kwargs)

    two, path = train(2, optimizers=CASES["adam"]), tmp_path / "c.safetensors"
    require_the_best_epoch(best, two, same_weights, path)


def same_weights(first, second):
    pairs = zip(*(weights(t.model).values() for t in (first, second)), strict=True)
    return all(onp.array_equal(a, b) for a, b in pairs)


def test_an_optimizer_for_a_model_that_has_another():
    given = train(2, optimizers=CASES["sgd"], optimizer=CASES["adam"])
    assert are_equal(given, train(2, optimizers=CASES["adam"]))
