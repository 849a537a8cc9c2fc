"""The training loop in JAX: compiled steps, checkpoints, interruptions, views."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from d2l import jax as d2l
from d2l.common.plots.progress_board import CurveRecorder
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.common.weights import WeightError
from d2l.jax.compiled import _twin
from d2l.jax.optimizers import adam
from d2l.jax.structure import walk


class Small(d2l.MLP):
    """As small as a model with two layers can be; trained by Adam."""

    def __init__(self, lr=0.01):
        super().__init__(10, 8, lr, num_inputs=64, rngs=nnx.Rngs(0))

    def configure_optimizers(self):
        return adam(self, lr=self.lr)


@pytest.fixture(scope="module")
def data():
    return d2l.Digits(batch_size=256, resize=(8, 8))


def train(model, data, epochs, clip=0, **kwargs):
    model.board = CurveRecorder()
    trainer = d2l.Trainer(max_epochs=epochs, gradient_clip_val=clip)
    trainer.fit(model, data, **kwargs)
    return model.board.curves["train_loss"], trainer


def test_resuming_equals_not_stopping(data, tmp_path):
    path = tmp_path / "training.safetensors"
    whole, _ = train(Small(), data, 3)
    first, _ = train(Small(), data, 2, checkpoint=path)
    rest, trainer = train(Small(), data, 3, checkpoint=path)
    assert np.array_equal(whole, first + rest)
    assert trainer.train_batch_idx == 3 * trainer.num_train_batches
    assert load_arrays(path)[1]["epochs_done"] == "3"


def test_a_checkpoint_of_another_model_is_refused(data, tmp_path):
    path = tmp_path / "training.safetensors"
    train(Small(), data, 1, checkpoint=path)
    state, counters = load_arrays(path)
    save_arrays(path, {**state, "model.b": np.zeros(3)}, counters)
    with pytest.raises(WeightError, match="no tensor b"):
        train(Small(), data, 2, checkpoint=path)


def test_learning_and_points(data):
    losses, trainer = train(Small(), data, 3)
    curves = trainer.model.board.curves
    assert losses[-1] < losses[0]
    assert list(curves) == ["train_loss", "val_loss", "val_acc"]
    assert len(curves["val_loss"]) == 3 * trainer.num_val_batches


def test_clipping_bounds_the_joint_norm():
    trainer = d2l.Trainer(max_epochs=1)
    grads = {"a": jnp.array([3.0, 0.0]), "b": jnp.array([[4.0]])}
    clipped = trainer.clip_gradients(1.0, grads)
    assert np.allclose(clipped["a"], [0.6, 0])
    assert np.allclose(clipped["b"], [[0.8]])
    assert jnp.array_equal(trainer.clip_gradients(9.0, grads)["a"], grads["a"])
    zeros = jax.tree.map(jnp.zeros_like, grads)
    assert not trainer.clip_gradients(1.0, zeros)["a"].any()


def test_clipping_is_part_of_the_compiled_step(data):
    weights = [
        train(Small(), data, 1, clip)[1].model.net.layers[1].kernel[...]
        for clip in (0, 1e6, 1e-3)
    ]
    assert np.allclose(weights[0], weights[1])
    assert not np.allclose(weights[0], weights[2], atol=1e-5)


class Counting(Small):
    traced = 0

    def training_step(self, batch):
        Counting.traced += 1
        return super().training_step(batch)


def test_a_step_is_compiled_once_for_each_shape_and_anew_for_each_fit(data):
    Counting.traced = 0
    model = Counting()
    _, trainer = train(model, data, 3)
    # 1,415 digits: five full batches and a partial one.
    assert Counting.traced == 2
    trainer.fit(model, data)
    assert Counting.traced == 4


def test_values_are_read_only_when_a_point_is_drawn(data):
    model = Small()
    model.plot_train_per_epoch = 1
    seen = []

    class Board(d2l.ProgressBoard):
        def draw(self, x, y, label, every_n=1):
            seen.append((callable(y), every_n))

    model.board = Board(display=False)
    trainer = d2l.Trainer(max_epochs=1)
    trainer.fit(model, data)
    assert all(is_function for is_function, _ in seen)
    assert seen[0][1] == trainer.num_train_batches


class Interrupted:
    """A loader that a reader interrupts after two batches."""

    def __init__(self, loader):
        self.loader = loader

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        for i, batch in enumerate(self.loader):
            if i == 2:
                raise KeyboardInterrupt
            yield batch


def test_an_interruption_keeps_what_was_learned(data):
    model = Small()
    before = model.net.layers[1].kernel[...]
    trainer = d2l.Trainer(max_epochs=1)
    own = data.train_dataloader
    data.train_dataloader = lambda: Interrupted(own())
    try:
        with pytest.raises(KeyboardInterrupt):
            trainer.fit(model, data)
    finally:
        del data.train_dataloader
    assert not jnp.array_equal(before, model.net.layers[1].kernel[...])
    assert int(trainer.optim.step[...]) == trainer.train_batch_idx == 2


class Rich(d2l.Classifier):
    """A model with running statistics, dropout and a counter of its own."""

    def __init__(self):
        super().__init__()
        rngs = nnx.Rngs(0)
        self.lr, self.calls = 0.1, nnx.Variable(jnp.array(0))
        self.blocks = nnx.List([nnx.Linear(64, 10, rngs=rngs)])
        self.norm, self.drop = nnx.BatchNorm(10, rngs=rngs), nnx.Dropout(0.5, rngs=rngs)

    def forward(self, X):
        self.calls[...] += 1
        self.sow(nnx.Intermediate, "hidden", X)
        return self.drop(self.norm(self.blocks[0](X.reshape((X.shape[0], -1)))))


def test_state_of_every_kind_is_carried_on(data):
    model = Rich()
    trainer = d2l.Trainer(max_epochs=2)
    trainer.fit(model, data)
    steps = 2 * trainer.num_train_batches
    assert int(model.calls[...]) == steps + 2 * trainer.num_val_batches
    assert int(model.drop.rngs.count[...]) == steps
    assert model.norm.mean[...].any()


def test_the_model_ends_in_evaluation_mode(data):
    model = Rich()
    d2l.Trainer(max_epochs=1).fit(model, data)
    X, _ = next(iter(data.val_dataloader()))
    assert model.drop.deterministic
    assert jnp.array_equal(model(X), model(X))


def test_arrays_from_before_training_stay_valid(data):
    model = Small()
    before = model.net.layers[1].kernel[...]
    train(model, data, 1)
    assert np.isfinite(np.asarray(before)).all()


def test_views_share_variables():
    model = Rich()
    trainer = d2l.Trainer(max_epochs=1)
    trainer.prepare_optimizer(model)
    for twin in (trainer.train_model, trainer.val_model, _twin(model, {})):
        own = dict(walk(model))
        assert {path for path, _ in walk(twin)} == set(own)
        assert twin.blocks[0].kernel is model.blocks[0].kernel
        assert twin.norm is not model.norm
    assert trainer.val_model.norm.use_running_average
    assert trainer.val_model.drop.deterministic
    assert not trainer.train_model.drop.deterministic


class Wrapper(d2l.Classifier):
    """A model around a module that it was given."""

    def __init__(self, net, lr=0.1):
        super().__init__()
        self.save_hyperparameters()


def test_a_module_among_the_hyperparameters(data):
    model = Wrapper(nnx.Sequential(lambda X: X.reshape((len(X), -1)), Small().net))
    assert [path for path, _ in walk(model)][:2] == ["", "net"]
    assert not any("hparams" in path for path, _ in walk(model))
    losses, _ = train(model, data, 1)
    assert losses[-1] < losses[0]


def test_a_model_moves_to_the_device(data, monkeypatch):
    monkeypatch.setattr(d2l.Trainer, "find_gpus", lambda self, n: [d2l.cpu()])
    losses, trainer = train(Small(), data, 1)
    assert losses[-1] < losses[0]
    batch = trainer.prepare_batch(next(iter(data.train_dataloader())))
    assert batch[0].device == d2l.cpu()


def test_plot_needs_a_trainer_unless_a_reader_traces():
    model = Small()
    X, y = jnp.zeros((2, 64)), jnp.array([0, 1])
    jax.jit(lambda X: model.loss(model(X), y))(X)
    nnx.grad(lambda m: m.training_step((X, y)))(model)
    with pytest.raises(RuntimeError, match="trainer"):
        model.plot("loss", jnp.array(1.0), train=True)


def test_fit_without_validation(data):
    model = Small()
    own = data.val_dataloader
    data.val_dataloader = lambda: None
    try:
        losses, trainer = train(model, data, 1)
    finally:
        del data.val_dataloader
    assert own is not None
    assert len(losses) == trainer.num_train_batches


def test_hyperparameters_show_in_signatures():
    import inspect

    parameters = inspect.signature(d2l.LeNet).parameters
    assert list(parameters)[:2] == ["lr", "num_classes"]


def test_importing_is_light():
    code = (
        "import sys; from d2l import jax as d2l; import jax._src.xla_bridge as b; "
        "assert 'd2l.jax.convolutional_neural_networks.lenet' not in sys.modules; "
        "assert not b._backends, 'a device was started'; "
        "d2l.LeNet; "
        "assert 'd2l.jax.convolutional_neural_networks.lenet' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
