"""Two epochs and two more are four, bit for bit, whatever the training is driven by."""

import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from d2l import torch as d2l
from d2l.common.errors import InputError
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.common.training.resuming import CheckpointError
from d2l.common.training.state_kinds import StateError
from tests.resuming_checks import (
    SCRIPT,
    classes_of,
    forget,
    generators_as_now,
    require_no_more_epochs,
    require_others_refused,
    require_same_curve,
    require_the_best_epoch,
    two_and_two,
)

LR = 0.05


class Data(d2l.DataModule):
    """Three batches to train on and two to validate; both in random orders."""

    def __init__(self, batch_size=4):
        super().__init__()
        self.save_hyperparameters()
        generator = torch.Generator().manual_seed(0)
        self.X = torch.randn(12, 3, generator=generator)
        self.y = torch.randn(12, 2, generator=generator)

    def get_dataloader(self, train):
        indices = slice(0, None) if train else slice(0, 8)
        return self.get_tensorloader((self.X, self.y), True, indices)


class Small(d2l.Module):
    """Dropout, batch normalisation, and matrices only, which Muon asks for."""

    def __init__(self, optimizers=None):
        super().__init__()
        self.save_hyperparameters()
        torch.manual_seed(0)
        self.net = nn.Sequential(
            nn.Linear(3, 4, bias=False),
            nn.BatchNorm1d(4, affine=False),
            nn.Dropout(0.5),
            nn.Linear(4, 2, bias=False),
        )

    def loss(self, y_hat, y):
        return ((y_hat - y) ** 2).mean()

    def configure_optimizers(self):
        return self.optimizers(self)


class Momentum(torch.optim.Optimizer):
    """An optimizer of this file's own, with PyTorch's state."""

    def __init__(self, params, lr=LR):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                state["velocity"] = state.get("velocity", 0) * 0.9 + p.grad
                state["count"] = state.get("count", 0) + 1
                p -= group["lr"] * state["velocity"] / state["count"]


class Hidden:
    """An optimizer whose state lies in plain attributes, keyed in three ways."""

    def __init__(self, params, lr=LR):
        self.params, self.lr, self.count = list(params), lr, 0
        self.by_place, self.by_id, self.by_parameter = [], {}, {}

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.count += 1
        self.by_place = self.by_place or [torch.zeros_like(p) for p in self.params]
        for v, p in zip(self.by_place, self.params, strict=True):
            v.mul_(0.9).add_(p.grad)
            self.by_id[id(p)] = self.by_id.get(id(p), 0) + v**2
            self.by_parameter[p] = self.by_parameter.get(p, 1.0) * 0.99
            rate = self.lr * self.by_parameter[p] / (1 + self.count)
            p -= rate * v / (self.by_id[id(p)] + 1).sqrt()


#: Not to be driven by the trainer; its refusals have tests of their own.
REFUSED = {
    "LBFGS": "needs a closure",
    "ReduceLROnPlateau": "needs a metric",
}
LEFT_OUT = {
    "Optimizer": "the base class, which does nothing",
    "LRScheduler": "the base class, which does nothing",
    "SparseAdam": "wants sparse gradients, and says so itself",
}
OPTIMIZERS = {
    **classes_of(torch.optim, torch.optim.Optimizer),
    "Momentum": Momentum,
    "Hidden": Hidden,
}
SCHEDULERS = classes_of(lr_scheduler, lr_scheduler.LRScheduler)
MORE_OPTIMIZERS = {
    "SGD with momentum": lambda m: torch.optim.SGD(m.parameters(), LR, momentum=0.9),
    "Adam, amsgrad": lambda m: torch.optim.Adam(m.parameters(), LR, amsgrad=True),
    "RMSprop, centered": lambda m: torch.optim.RMSprop(
        m.parameters(), LR, centered=True, momentum=0.9
    ),
    "groups": lambda m: torch.optim.Adam(
        [{"params": m.net[0].parameters()}, {"params": m.net[3].parameters(), "lr": 1}]
    ),
}


def chain(cls):
    def make(optim):
        parts = [lr_scheduler.ExponentialLR(optim, 0.9) for _ in range(2)]
        return (
            cls(parts)
            if cls is lr_scheduler.ChainedScheduler
            else cls(optim, parts, milestones=[4])
        )

    return make


#: What a schedule needs beside the optimizer.
ARGUMENTS = {
    "LambdaLR": lambda c: lambda o: c(o, lambda t: 1 / (1 + t)),
    "MultiplicativeLR": lambda c: lambda o: c(o, lambda t: 0.9),
    "StepLR": lambda c: lambda o: c(o, 4),
    "MultiStepLR": lambda c: lambda o: c(o, [3, 7]),
    "ExponentialLR": lambda c: lambda o: c(o, 0.9),
    "CosineAnnealingLR": lambda c: lambda o: c(o, 12),
    "CosineAnnealingWarmRestarts": lambda c: lambda o: c(o, 5),
    "CyclicLR": lambda c: lambda o: c(o, 0.01, 0.1, step_size_up=4),
    "OneCycleLR": lambda c: lambda o: c(o, 0.1, total_steps=12),
    "ChainedScheduler": chain,
    "SequentialLR": chain,
}


def scheduled(name):
    cls = SCHEDULERS[name]
    make = ARGUMENTS.get(name, lambda c: c)(cls)

    def optimizers(model):
        optim = torch.optim.SGD(model.parameters(), LR, momentum=0.9)
        return optim, make(optim)

    return optimizers


def optimized(name):
    cls = OPTIMIZERS[name]
    return lambda model: cls(model.parameters(), lr=LR)


def driven(names):
    return sorted(n for n in names if n not in REFUSED and n not in LEFT_OUT)


CASES = {
    **{name: optimized(name) for name in driven(OPTIMIZERS)},
    **{name: scheduled(name) for name in driven(SCHEDULERS)},
    **MORE_OPTIMIZERS,
}


def train(epochs, path=None, optimizers=None, model=None, data=None, **kwargs):
    """A training from the same start, but for what a checkpoint brings."""
    model = Small(optimizers or CASES["Adam"]) if model is None else model
    model.board.display = False
    torch.manual_seed(1 if path is None or not path.exists() else 99)
    trainer = kwargs.pop("trainer", d2l.Trainer)(max_epochs=epochs)
    data = Data() if data is None else data
    trainer.fit(model, data, checkpoint=path, **kwargs)
    return trainer


def state(trainer):
    """All tensors of the model, and the optimizer's."""
    model, optim = trainer.model.state_dict(), getattr(trainer.optim, "state", {})
    found = [*model.values()]
    for own in optim.values():
        found += [torch.as_tensor(v) for v in own.values() if v is not None]
    return [t.clone() for t in found]


def are_equal(first, second):
    pairs = zip(state(first), state(second), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def check(tmp_path, **kwargs):
    return two_and_two(train, are_equal, tmp_path / "c.safetensors", **kwargs)


@pytest.mark.parametrize("name", CASES)
def test_two_epochs_and_two_are_four(tmp_path, name):
    whole, rest = check(tmp_path, optimizers=CASES[name])
    require_same_curve(whole, rest)


def test_the_state_matters(tmp_path):
    """What the test above would see if something were forgotten."""
    whole, path = train(4), tmp_path / "c.safetensors"
    train(2, path)
    for part in ("random", "loaders"):
        forgotten = tmp_path / f"{part}.safetensors"
        forget(path, part, forgotten)
        assert not are_equal(whole, train(4, forgotten))


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_trainer_cannot_drive_is_refused(name):
    optimizers = optimized(name) if name in OPTIMIZERS else scheduled(name)
    with pytest.raises(InputError, match=name):
        train(1, optimizers=optimizers)


def test_forms_of_optimizers_and_schedules():
    def lists(model):
        optim, scheduler = scheduled("StepLR")(model)
        return [optim], [scheduler]

    assert torch.equal(
        state(train(2, optimizers=lists))[0],
        state(train(2, optimizers=scheduled("StepLR")))[0],
    )
    with pytest.raises(InputError, match="one optimizer"):
        train(1, optimizers=lambda m: ([CASES["Adam"](m), CASES["Adam"](m)], []))


class Watching(d2l.Trainer):
    """A reader's trainer with a schedule, an average, a generator, counters."""

    def prepare_optimizer(self, model):
        super().prepare_optimizer(model)
        self.scheduler = lr_scheduler.StepLR(self.optim, 2, 0.5)
        self.average = {n: p.detach().clone() for n, p in model.named_parameters()}
        self.noise = torch.Generator().manual_seed(3)
        self.sampler = np.random.default_rng(4)
        self.history = []

    def step_done(self):
        super().step_done()
        self.scheduler.step()
        with torch.no_grad():
            for name, p in self.model.named_parameters():
                self.average[name].lerp_(p, 0.5)
                p += 0.01 * torch.randn(p.shape, generator=self.noise)
                p += 0.01 * (self.sampler.random() + random.random() + np.random.rand())
        self.history.append((self.epoch, [float(p.detach().sum())]))


def test_a_readers_own_trainer(tmp_path):
    random.seed(5)
    np.random.seed(5)
    set_back = generators_as_now()

    class Seeded(Watching):
        def prepare_model(self, model):
            super().prepare_model(model)
            set_back()

    whole, rest = check(tmp_path, trainer=Seeded)
    assert whole.history == rest.history
    assert len(rest.history) == 12
    assert all(torch.equal(rest.average[n], a) for n, a in whole.average.items())


def test_foreign_loaders_draw_from_the_global_generator(tmp_path):
    class Foreign(Data):
        def get_dataloader(self, train):
            n = 12 if train else 8
            pairs = torch.utils.data.TensorDataset(self.X[:n], self.y[:n])
            own = None if train else torch.Generator().manual_seed(7)
            return torch.utils.data.DataLoader(
                pairs, self.batch_size, shuffle=True, generator=own
            )

    check(tmp_path, data=Foreign())


def test_lazy_layers_and_batches_that_are_trees(tmp_path):
    class Trees(Data):
        def get_dataloader(self, train):
            pairs = zip(self.X.split(4), self.y.split(4), strict=True)
            return [{"x": X, "more": (y, None, 3)} for X, y in pairs]

    class Lazy(Small):
        def __init__(self):
            super().__init__()
            self.net[0] = nn.LazyLinear(4)

        def validation_step(self, batch):
            self.plot("loss", self.loss(self(batch["x"]), batch["more"][0]), False)

        def training_step(self, batch):
            return self.loss(self(batch["x"]), batch["more"][0])

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), LR, momentum=0.9)

    path = tmp_path / "c.safetensors"
    whole = train(4, model=Lazy(), data=Trees())
    train(2, path, model=Lazy(), data=Trees())
    rest = train(4, path, model=Lazy(), data=Trees())
    assert are_equal(whole, rest)


def test_what_cannot_be_saved_is_refused_before_the_first_step(tmp_path):
    model = Small(CASES["Adam"])
    model.endless = iter([1, 2])
    before = state(train(0, model=model))
    path = tmp_path / "c.safetensors"
    with pytest.raises(StateError, match=r"model\.endless .* list_iterator"):
        train(2, path, model=model)
    assert torch.equal(before[0], state(train(0, model=model))[0])
    assert not path.exists()


def test_what_training_has_made_is_refused_by_name(tmp_path):
    class Growing(d2l.Trainer):
        def begin_epoch(self):
            self.late = Hidden([])

    with pytest.raises(StateError, match=r"trainer\.late "):
        train(1, tmp_path / "c.safetensors", trainer=Growing)


def test_checkpoints_of_something_else(tmp_path):
    path = tmp_path / "c.safetensors"
    require_others_refused(train, path, Data(batch_size=6))
    arrays, metadata = load_arrays(path)
    del metadata["format"]
    save_arrays(path, arrays, metadata)
    with pytest.raises(CheckpointError, match="older"):
        train(3, path)


def test_the_last_epoch_is_not_trained_again(tmp_path, capsys):
    require_no_more_epochs(train, are_equal, tmp_path / "c.safetensors", capsys)


class Scripted(Small):
    """A model whose metric is written down beforehand, by epoch."""

    def validation_step(self, batch):
        self.plot("loss", torch.tensor(SCRIPT[self.trainer.epoch]), train=False)


def test_the_best_epoch_is_kept_and_training_stops(tmp_path):
    def best(epochs, path=None, **kwargs):
        model = Scripted(CASES["Adam"])
        return train(epochs, path, model=model, keep_best="val_loss", **kwargs)

    def have_equal_weights(first, second):
        pairs = zip(first.model.parameters(), second.model.parameters(), strict=True)
        return all(torch.equal(a, b) for a, b in pairs)

    path = tmp_path / "c.safetensors"
    require_the_best_epoch(best, train(2), have_equal_weights, path)


def test_an_optimizer_for_a_model_that_has_another():
    given = train(2, optimizers=CASES["SGD"], optimizer=CASES["Adam"])
    own = train(2, optimizers=CASES["Adam"])
    assert torch.equal(state(given)[0], state(own)[0])
