"""Two epochs and two more are four, bit for bit, whatever the training is driven by."""

import inspect
import random
import shutil
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx
from jax.experimental import io_callback
from jax.experimental.compilation_cache import compilation_cache

from d2l import jax as d2l
from d2l.common.errors import InputError
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.common.training.state_kinds import StateError
from d2l.jax.randomness import KEYS
from d2l.jax.states import States
from tests.resuming_checks import (
    SCRIPT,
    generators_as_now,
    require_no_more_epochs,
    require_others_refused,
    require_the_best_epoch,
    two_and_two,
)

LR = 0.05


@pytest.fixture(scope="module", autouse=True)
def compiled_once(tmp_path_factory):
    """A second training finds what the first compiled; no time for optimisations."""
    settings = {
        "jax_compilation_cache_dir": str(tmp_path_factory.mktemp("compiled")),
        "jax_persistent_cache_min_compile_time_secs": 0.0,
        "jax_persistent_cache_min_entry_size_bytes": -1,
        "jax_disable_most_optimizations": True,
    }
    before = {name: jax.config.values[name] for name in settings}
    for changed in (settings, before):
        for name, value in changed.items():
            jax.config.update(name, value)
        compilation_cache.reset_cache()
        if changed is settings:
            yield


class Data(d2l.DataModule):
    """Three batches to train on and two to validate; both in random orders."""

    def __init__(self, batch_size=4):
        super().__init__()
        self.save_hyperparameters()
        generator = np.random.default_rng(0)
        self.X = generator.normal(size=(12, 3))
        self.y = generator.normal(size=(12, 2))

    def get_dataloader(self, train):
        indices = slice(0, None) if train else slice(0, 8)
        return self.get_tensorloader((self.X, self.y), True, indices)


class Small(d2l.Module):
    """Dropout, batch normalisation, and matrices, which Muon asks for."""

    def __init__(self, optimizers=None):
        super().__init__()
        self.save_hyperparameters()
        self.net = nnx.Sequential(*self.layers(nnx.Rngs(0)))

    def layers(self, rngs):
        return [
            nnx.Linear(3, 4, rngs=rngs),
            nnx.BatchNorm(4, use_bias=False, use_scale=False, rngs=rngs),
            nnx.Dropout(0.5, rngs=rngs),
            nnx.Linear(4, 2, use_bias=False, rngs=rngs),
        ]

    def loss(self, y_hat, y):
        return ((y_hat - y) ** 2).mean()

    def configure_optimizers(self):
        return self.optimizers(self)


class Unvalidated(Data):
    """Another two functions to compile are spared where optimizers are at issue."""

    def val_dataloader(self):
        return None


class Smallest(Small):
    """A layer and dropout."""

    has_bias = False

    def layers(self, rngs):
        linear = nnx.Linear(3, 2, use_bias=self.has_bias, rngs=rngs)
        return [linear, nnx.Dropout(0.5, rngs=rngs)]


class Biased(Smallest):
    """For optimizers that treat vectors and matrices in two ways."""

    has_bias = True


def averaged(learning_rate):
    """An optimizer of this file's own, with a state as Optax's have it."""

    def init(params):
        return {"sum": jax.tree.map(jnp.zeros_like, params), "count": jnp.zeros(())}

    def update(grads, state, params=None):
        total = jax.tree.map(lambda s, g: 0.9 * s + g, state["sum"], grads)
        count = state["count"] + 1
        steps = jax.tree.map(lambda s: -learning_rate * s / count, total)
        return steps, {"sum": total, "count": count}

    return optax.GradientTransformation(init, update)


class Hidden:
    """An optimizer whose state lies in plain attributes, out of JAX's sight."""

    def __init__(self, learning_rate):
        self.lr, self.count, self.velocity = learning_rate, 0, {}

    def init(self, params):
        return optax.EmptyState()

    def update(self, grads, state, params=None):
        return io_callback(self.step, grads, grads, ordered=True), state

    def step(self, grads):
        self.count += 1
        leaves, tree = jax.tree.flatten(grads)
        for i, g in enumerate(leaves):
            v = self.velocity.get(i, 0) * 0.9 + np.asarray(g)
            self.velocity[i] = v
            leaves[i] = (-self.lr * v / self.count).astype(g.dtype)
        return tree.unflatten(leaves)


RATES = {"learning_rate", "max_learning_rate"}


def rated():
    """All of Optax's functions that make something with a learning rate, by name."""
    found = {**vars(optax.contrib), **vars(optax)}
    functions = {n: f for n, f in found.items() if n[0] != "_" and is_function(f)}
    return {
        name: function
        for name, function in functions.items()
        if RATES & set(inspect.signature(function).parameters)
    }


def is_function(value):
    return inspect.isfunction(value) or isinstance(value, partial)


def rate_of(name):
    """What it calls its learning rate."""
    return next(iter(RATES & set(inspect.signature(OPTIMIZERS[name]).parameters)))


#: Not to be driven by the trainer: they want more than gradients and parameters.
REFUSED = {
    "lbfgs": "scale_by_zoom_linesearch.*value_fn",
    "scale_by_zoom_linesearch": "scale_by_zoom_linesearch.*value_fn",
    "scale_by_backtracking_linesearch": "scale_by_backtracking_linesearch.*value_fn",
    "polyak_sgd": "scale_by_polyak.*value",
    "scale_by_polyak": "scale_by_polyak.*value",
    "momo": "momo.*value",
    "momo_adam": "momo_adam.*value",
    "sophia": "obj_fn.*hutchinson",
    "dpsgd": "`grads` to have a batch dimension",
}
#: What else an optimizer needs.
ARGUMENTS = {
    "scale_by_zoom_linesearch": {"max_linesearch_steps": 3},
    "scale_by_backtracking_linesearch": {"max_backtracking_steps": 3},
    "dpsgd": {"l2_norm_clip": 1.0, "noise_multiplier": 1.0, "seed": 0},
    "schedule_free": {"base_optimizer": optax.sgd(LR), "learning_rate": LR},
}
OPTIMIZERS = {**rated(), "averaged": averaged, "Hidden": Hidden}

SCHEDULES = {
    "constant_schedule": (0.5,),
    "cosine_decay_schedule": (1.0, 9),
    "cosine_onecycle_schedule": (12, 1.0),
    "exponential_decay": (1.0, 3, 0.9),
    "join_schedules": ([optax.linear_schedule(1.0, 0.5, 4)] * 2, [5]),
    "linear_onecycle_schedule": (12, 1.0),
    "linear_schedule": (1.0, 0.1, 9),
    "piecewise_constant_schedule": (1.0, {4: 0.5, 8: 0.5}),
    "piecewise_interpolate_schedule": ("cosine", 1.0, {4: 0.5, 8: 0.5}),
    "polynomial_schedule": (1.0, 0.1, 2, 9),
    "sgdr_schedule": (
        [
            {
                "init_value": 0.1,
                "peak_value": 1.0,
                "warmup_steps": 2,
                "decay_steps": 5,
            }
        ]
        * 2,
    ),
    "warmup_constant_schedule": (0.1, 1.0, 8),
    "warmup_cosine_decay_schedule": (0.1, 1.0, 2, 12),
    "warmup_exponential_decay_schedule": (0.1, 1.0, 2, 3, 0.9),
}


def optimized(name):
    more = ARGUMENTS.get(name, {})
    return lambda model: OPTIMIZERS[name](**{rate_of(name): LR, **more})


def all_schedules(model):
    """Their product: if any went wrong, so would all."""
    rates = [getattr(optax, name)(*SCHEDULES[name]) for name in SCHEDULES]
    return optax.chain(optax.sgd(LR), *map(optax.scale_by_schedule, rates))


def labels(params):
    return jax.tree.map(lambda p: "vector" if p.ndim == 1 else "matrix", params)


def matrices(params):
    return jax.tree.map(lambda p: p.ndim > 1, params)


STOCK = {n: optimized(n) for n in sorted(OPTIMIZERS) if n not in REFUSED}
MORE = {
    "all schedules": all_schedules,
    "rate by schedule": lambda m: optax.adam(optax.cosine_decay_schedule(LR, 12)),
    "momentum": lambda m: optax.sgd(LR, 0.9),
    "bfloat16": lambda m: optax.adam(LR, mu_dtype=jnp.bfloat16),
    "inject_hyperparams": lambda m: optax.inject_hyperparams(optax.adam)(
        optax.linear_schedule(LR, 0.0, 12), b1=optax.constant_schedule(0.8)
    ),
    "MultiSteps": lambda m: optax.MultiSteps(optax.adam(LR), every_k_schedule=4),
    "masked": lambda m: optax.masked(optax.adam(LR), matrices),
    "multi_transform": lambda m: optax.multi_transform(
        {"vector": optax.adam(LR), "matrix": optax.sgd(LR, 0.9)}, labels
    ),
    "a chain of stages": lambda m: optax.chain(
        optax.add_noise(0.1, 0.5, jax.random.key(3)),
        optax.ema(0.9),
        optax.apply_if_finite(optax.flatten(optax.adam(LR)), 2),
        optax.apply_every(2),
    ),
    "sam": lambda m: optax.contrib.sam(optax.adam(LR), optax.sgd(LR), sync_period=2),
    "mechanize": lambda m: optax.contrib.mechanize(optax.sgd(LR)),
}
CASES = STOCK | MORE


class Halved(d2l.Trainer):
    """Keeps what the checkpoint was after two epochs."""

    def begin_epoch(self):
        path = self.path
        if self.epoch == 2 and path and not half(path).exists():
            shutil.copy(path, half(path))


def half(path):
    return path.with_suffix(".half")


def train(epochs, path=None, optimizers=None, model=None, data=None, **kwargs):
    """A training from the same start, but for what a checkpoint brings."""
    model = Small(optimizers or CASES["adam"]) if model is None else model
    model.board.display = False
    trainer = kwargs.pop("trainer", d2l.Trainer)(max_epochs=epochs)
    if isinstance(trainer, Halved):
        Halved.path = path
    data = Data() if data is None else data
    trainer.fit(model, data, checkpoint=path, **kwargs)
    return trainer


def state(trainer):
    """All arrays of the model and its views, and the optimizer's."""
    nodes = trainer.model, trainer.optim, trainer.train_model, trainer.val_model
    leaves = jax.tree.leaves(nnx.state(nodes))
    is_key = [jnp.issubdtype(x.dtype, jax.dtypes.prng_key) for x in leaves]
    return [
        np.asarray(jax.random.key_data(leaf) if key else leaf)
        for leaf, key in zip(leaves, is_key, strict=True)
    ]


def are_equal(one, other):
    pairs = list(zip(state(one), state(other), strict=True))
    return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs)


def check(tmp_path, **kwargs):
    return two_and_two(train, are_equal, tmp_path / "c.safetensors", **kwargs)


@pytest.mark.parametrize("name", CASES)
def test_two_epochs_and_two_are_four(tmp_path, name):
    def trained(path):
        model, data = (Biased if name in MORE else Smallest)(CASES[name]), Unvalidated()
        return train(4, path, model=model, data=data, trainer=Halved)

    path = tmp_path / "c.safetensors"
    whole, rest = trained(path), trained(half(path))
    assert rest.train_batch_idx == 12
    assert are_equal(whole, rest)
    curves = [t.model.board.data["train_loss"] for t in (whole, rest)]
    first, last = ([p.y for p in curve] for curve in curves)
    assert len(set(first)) > 1
    assert first[-len(last) :] == last


def test_every_schedule_is_there():
    made = {
        n for n, f in vars(optax).items() if n.endswith("_schedule") and callable(f)
    }
    made |= {"exponential_decay", "join_schedules"}
    left = {"scale_by_schedule", "inject_hyperparams"}
    assert made - left == set(SCHEDULES)


def test_a_checkpoint_changes_nothing(tmp_path):
    check(tmp_path)


@pytest.mark.parametrize("part", ["rngs.count", "rngs.key", "opt_state.0.0", "exp_avg"])
def test_the_state_matters(tmp_path, part):
    """What the tests above would see if something were not put back."""
    whole, path = train(4), tmp_path / "c.safetensors"
    train(2, path)
    arrays, metadata = load_arrays(path)
    changed = [array for name, array in arrays.items() if part in name]
    assert changed
    for array in changed:
        array[...] += array.dtype.type(1)
    save_arrays(path, arrays, metadata)
    assert not are_equal(whole, train(4, path))


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_trainer_cannot_drive_is_refused(name):
    with pytest.raises(InputError, match=REFUSED[name]):
        train(1, optimizers=optimized(name))


@pytest.mark.parametrize(
    ("reason", "make"),
    {
        "lookahead": lambda: optax.lookahead(optax.sgd(LR), 5, 0.5),
        "reduce_on_plateau.*value": optax.contrib.reduce_on_plateau,
        "grad_fn.*_sam": lambda: optax.contrib.sam(
            optax.sgd(LR), optax.sgd(LR), opaque_mode=True
        ),
    }.items(),
)
def test_what_it_cannot_drive_of_all_else(reason, make):
    with pytest.raises(InputError, match=reason):
        train(1, optimizers=lambda m: optax.chain(optax.sgd(LR), make()))


def test_what_is_no_transformation_is_refused():
    for clip in (0, 1):
        trainer = partial(d2l.Trainer, gradient_clip_val=clip)
        with pytest.raises(InputError, match="no list"):
            train(1, optimizers=lambda m: [optax.sgd(LR)], trainer=trainer)


class Watching(d2l.Trainer):
    """A reader's trainer with an average, generators, counters, a rate of its own."""

    def prepare_optimizer(self, model):
        super().prepare_optimizer(model)
        self.average = [jnp.zeros_like(p) for p in self.weights()]
        self.key, self.rate = jax.random.key(3), 1.0
        self.sampler = np.random.default_rng(4)
        self.history, self.model.passes = [], 0

    def weights(self):
        return jax.tree.leaves(nnx.state(self.model, nnx.Param))

    def step_done(self):
        super().step_done()
        self.history.append((self.epoch, [self.sampler.random()]))

    def fit_epoch(self):
        super().fit_epoch()
        self.model.passes += 1
        pairs = zip(self.average, self.weights(), strict=True)
        self.average = [0.5 * a + 0.5 * p for a, p in pairs]
        self.key, own = jax.random.split(self.key)
        drawn = self.sampler.random() + random.random() + np.random.rand()
        self.rate *= 0.9 + 0.01 * (drawn + float(jax.random.uniform(own)))
        self.rate *= 0.9 + 0.01 * d2l.rand(1).item()
        self.optim.opt_state.hyperparams["learning_rate"][...] = jnp.asarray(
            LR * self.rate
        )


def test_a_readers_own_trainer(tmp_path):
    set_back = generators_as_now()

    class Seeded(Watching):
        def prepare_model(self, model):
            super().prepare_model(model)
            set_back()
            KEYS.restart(5)

    def optimizers(model):
        return optax.inject_hyperparams(optax.adam)(LR)

    whole, rest = check(tmp_path, trainer=Seeded, optimizers=optimizers)
    assert (whole.history, whole.rate) == (rest.history, rest.rate)
    assert len(rest.history) == 12
    assert whole.model.passes == rest.model.passes == 4
    pairs = zip(whole.average, rest.average, strict=True)
    assert all(jnp.array_equal(a, b) for a, b in pairs)
    assert KEYS.drawn > 0


class Unusual(Small):
    """Keys that are no arguments, a state that is no variable, a batch in a tree."""

    def __init__(self):
        super().__init__()
        self.seen = nnx.data(jnp.zeros(()))

    def forward(self, X):
        return d2l.dropout_layer(self.net(X), 0.5)

    def training_step(self, batch):
        self.seen = self.seen + 1
        return self.loss(self(batch["x"]), batch["more"][0]) * self.seen

    def validation_step(self, batch):
        self.plot("loss", self.loss(self(batch["x"]), batch["more"][0]), False)

    def configure_optimizers(self):
        return optax.sgd(LR, 0.9)


class Trees(Data):
    def get_dataloader(self, train):
        parts = np.split(self.X, 3), np.split(self.y, 3)
        return [{"x": X, "more": (y, None, 3, ())} for X, y in zip(*parts, strict=True)]


def test_keys_in_compiled_steps_states_and_trees(tmp_path):
    def run(epochs, path=None):
        # Whatever was drawn before.
        KEYS.restart(1 if path is None or not path.exists() else 99)
        return train(epochs, path, model=Unusual(), data=Trees())

    path = tmp_path / "c.safetensors"
    whole = run(4)
    run(2, path)
    assert are_equal(whole, run(4, path))
    assert whole.train_model.seen == 12


def test_batches_that_are_trees_go_to_a_device():
    trainer = d2l.Trainer(max_epochs=1)
    trainer.gpus = jax.devices("cpu")
    batch = {"x": np.ones(2), "more": ("text", None, 3, ())}
    moved = trainer.prepare_batch(batch)
    assert isinstance(moved["x"], jax.Array)
    assert moved["more"] == batch["more"]
    assert trainer.prepare_batch(()) == ()


@pytest.mark.parametrize(
    "value",
    [
        jnp.asarray(0.1),
        jnp.asarray([1, 0], jnp.bool_),
        jnp.asarray([0.1, -0.0, jnp.nan], jnp.bfloat16),
        jnp.zeros((2, 0), jnp.int8),
        jnp.broadcast_to(jnp.asarray(-0.5), (2, 3)),
        jax.random.key(3),
        jax.random.split(jax.random.key(3, impl="rbg")),
        jax.random.PRNGKey(3),
    ],
    ids=lambda v: f"{v.dtype}{v.shape}",
)
def test_arrays_and_keys(value):
    states = States()
    array, note = states.read(value)
    for made in (states.make(array, note), states.write(value, array, note)):
        assert (made.dtype, made.shape) == (value.dtype, value.shape)
        assert getattr(made, "weak_type", None) == getattr(value, "weak_type", None)
        assert states.read(made)[0].tobytes() == array.tobytes()


def test_what_cannot_be_saved_is_refused_before_the_first_step(tmp_path):
    model = Small(CASES["adam"])
    model.endless = iter([1, 2])
    before = state(train(0, model=model))
    path = tmp_path / "c.safetensors"
    with pytest.raises(StateError, match=r"model\.endless .* list_iterator"):
        train(2, path, model=model)
    assert np.array_equal(before[0], state(train(0, model=model))[0])
    assert not path.exists()


@pytest.mark.parametrize(
    "late", [Hidden(LR), nnx.Variable(jnp.zeros(1)), optax.sgd(LR)]
)
def test_what_training_has_made_is_refused_by_name(tmp_path, late):
    class Growing(d2l.Trainer):
        def begin_epoch(self):
            self.late = late

    with pytest.raises(StateError, match=r"trainer\.late"):
        train(1, tmp_path / "c.safetensors", trainer=Growing)


def test_checkpoints_of_something_else(tmp_path):
    path = tmp_path / "c.safetensors"
    require_others_refused(train, path, Data(batch_size=6))
    for name in ("rmsprop", "sgd", "adagrad", "amsgrad"):
        with pytest.raises(StateError, match=r"optimizer\..*ScaleByAdamState"):
            train(3, path, optimizers=CASES[name])


def test_the_last_epoch_is_not_trained_again(tmp_path, capsys):
    require_no_more_epochs(train, are_equal, tmp_path / "c.safetensors", capsys)


class Scripted(Small):
    """A model whose metric is written down beforehand, by validation batch."""

    def __init__(self, optimizers):
        super().__init__(optimizers)
        self.batches = nnx.Variable(jnp.zeros((), int))

    def validation_step(self, batch):
        values = jnp.asarray(SCRIPT)
        self.plot("loss", values[self.batches[...] // 2], train=False)
        self.batches[...] += 1


def test_the_best_epoch_is_kept_and_training_stops(tmp_path):
    def best(epochs, path=None, **kwargs):
        model = Scripted(CASES["adam"])
        return train(epochs, path, model=model, keep_best="val_loss", **kwargs)

    def read(trainer):
        return jax.tree.leaves(nnx.state(trainer.model, (nnx.Param, nnx.BatchStat)))

    def have_equal_weights(one, other):
        pairs = zip(read(one), read(other), strict=True)
        return all(jnp.array_equal(a, b) for a, b in pairs)

    path = tmp_path / "c.safetensors"
    require_the_best_epoch(best, train(2), have_equal_weights, path)


def test_an_optimizer_for_a_model_that_has_another():
    given = train(2, optimizers=CASES["sgd"], optimizer=CASES["adam"])
    assert are_equal(given, train(2, optimizers=CASES["adam"]))


def test_what_another_framework_can_go_on_with():
    names = ("adam", "momentum", "rate by schedule", "novograd", "bfloat16")
    trainers = {name: train(0, optimizers=CASES[name]) for name in names}
    assert {name: t.why_not_portable() for name, t in trainers.items()} == {
        "adam": "",
        "momentum": "",
        "rate by schedule": "the state of Optax's ScaleByScheduleState",
        "novograd": "the state of Optax's ScaleByNovogradState",
        "bfloat16": "the state of Optax's ScaleByAdamState",
    }
