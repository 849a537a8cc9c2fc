"""The training loop in MXNet: checkpoints, clipping, graphs, what it waits for."""

import subprocess
import sys
import threading

import numpy as onp
import pytest

from d2l import mxnet as d2l
from d2l.common.errors import DataError
from d2l.common.plots.progress_board import CurveRecorder
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.common.weights import WeightError
from d2l.mxnet.backend import BACKEND
from d2l.mxnet.loaders import as_tensor
from d2l.mxnet.optimizers import adam

from mxnet import autograd, np  # isort: skip
from mxnet.gluon import HybridBlock, nn  # isort: skip


class AdamLeNet(d2l.LeNet):
    def configure_optimizers(self):
        return adam(self, lr=self.lr)


@pytest.fixture(scope="module")
def data():
    return d2l.Digits(batch_size=256)


@pytest.fixture
def batch(data):
    return next(iter(data.train_dataloader()))


@pytest.fixture
def model(batch):
    BACKEND.seed(0)
    model = AdamLeNet(lr=0.01)
    model.apply_init([batch[0]], d2l.init_cnn)
    return model


def train(model, data, epochs, **kwargs):
    model.board = CurveRecorder()
    trainer = d2l.Trainer(max_epochs=epochs)
    trainer.fit(model, data, **kwargs)
    return model.board.curves["train_loss"], trainer


def gradients(model):
    return [p.grad().asnumpy() for p in model.collect_params().values()]


def backward(model, batch, factor=1):
    with autograd.record():
        loss = factor * model.loss(model(batch[0]), batch[1])
    loss.backward()


def test_resuming_equals_not_stopping(model, data, tmp_path):
    weights = BACKEND.weights(model)
    whole, _ = train(model, data, 3)
    path = tmp_path / "training.safetensors"
    BACKEND.load_weights(model, weights)
    first, _ = train(model, data, 2, checkpoint=path)
    # A model that has never run takes its sizes from the checkpoint.
    rest, trainer = train(AdamLeNet(lr=0.01), data, 3, checkpoint=path)
    assert onp.allclose(whole, first + rest, rtol=1e-6)
    assert trainer.train_batch_idx == 3 * trainer.num_train_batches
    assert load_arrays(path)[1]["epochs_done"] == "3"


def test_a_finished_training_is_not_continued(model, data, tmp_path):
    path = tmp_path / "training.safetensors"
    train(model, data, 1, checkpoint=path)
    model.board = CurveRecorder()
    d2l.Trainer(max_epochs=1).fit(model, data, checkpoint=path)
    assert model.board.curves == {}


def test_a_broken_checkpoint_is_named(model, data, tmp_path):
    path = tmp_path / "training.safetensors"
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(DataError, match=r"training\.safetensors"):
        train(model, data, 1, checkpoint=path)


def test_a_checkpoint_of_another_model_is_refused(model, data, tmp_path):
    path = tmp_path / "training.safetensors"
    train(model, data, 1, checkpoint=path)
    state, counters = load_arrays(path)
    del state["model.net.0.bias"]
    save_arrays(path, state, counters)
    with pytest.raises(WeightError, match=r"net\.0\.bias"):
        train(model, data, 2, checkpoint=path)


def test_clipping_bounds_the_joint_norm(model, batch):
    backward(model, batch, 100)
    before = gradients(model)
    d2l.Trainer(max_epochs=1).clip_gradients(1e-3, model)
    after = gradients(model)
    joined = onp.concatenate([g.ravel() for g in after])
    assert onp.linalg.norm(joined) == pytest.approx(1e-3)
    ratio = after[0] / before[0]
    assert onp.allclose(ratio, ratio.ravel()[0])


def test_small_gradients_are_left_alone(model, batch):
    backward(model, batch)
    before = gradients(model)
    d2l.Trainer(max_epochs=1).clip_gradients(1e6, model)
    for a, b in zip(before, gradients(model), strict=True):
        assert onp.array_equal(a, b)


def test_plain_arrays_are_clipped_too(batch):
    model = d2l.MLPScratch(784, 10, 16, lr=0.1)
    backward(model, batch)
    d2l.Trainer(max_epochs=1).clip_gradients(1e-3, model)
    grads = [p.grad.asnumpy().ravel() for p in model.parameters()]
    assert onp.linalg.norm(onp.concatenate(grads)) == pytest.approx(1e-3)


def test_values_are_read_only_when_a_point_is_drawn(model, data, monkeypatch):
    reads = []
    own = np.ndarray.asnumpy
    monkeypatch.setattr(np.ndarray, "asnumpy", lambda a: reads.append(1) or own(a))
    model.plot_train_per_epoch = model.plot_valid_per_epoch = 1
    steps = []
    draw = model.board.draw

    def counting(x, y, label, every_n=1):
        before = len(reads)
        draw(x, y, label, every_n)
        steps.append((label, len(reads) - before))

    model.board.draw = counting
    d2l.Trainer(max_epochs=1).fit(model, data)
    training = [n for label, n in steps if label == "train_loss"]
    assert len(training) > 2
    assert set(training[:-1]) == {0}
    assert training[-1] > 0


def test_python_runs_only_some_steps_ahead(model, data):
    trainer = d2l.Trainer(max_epochs=2)
    trainer.max_steps_ahead = 3
    trainer.fit(model, data)
    assert len(trainer.waiting) == 3


class Watching(d2l.MLP):
    """Notes whether the network runs as a graph."""

    def forward(self, X):
        self.was_graph = self.net._active
        return super().forward(X)


def test_networks_are_graphs_only_while_they_are_trained(data):
    model = Watching(10, 16, 0.1)
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert model.was_graph
    assert not model.net._active
    with BACKEND.shared_dropout(0):
        d2l.Trainer(max_epochs=1).fit(model, data)
    assert not model.was_graph


def test_a_graph_of_the_reader_stays_one(data):
    model = Watching(10, 16, 0.1)
    model.net.hybridize()
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert model.net._active


def test_a_failed_training_leaves_the_network_as_it_was(data):
    model = Watching(10, 16, 0.1)
    model.training_step = lambda batch: 1 / 0
    with pytest.raises(ZeroDivisionError):
        d2l.Trainer(max_epochs=1).fit(model, data)
    assert not model.net._active


class Doubling(HybridBlock):
    """Looks at its input's shape, which a graph does not know."""

    def hybrid_forward(self, F, X):
        return X * (2 if X.shape[0] > 0 else 1)


def test_layers_of_a_reader_are_not_compiled(data):
    class Mine(d2l.Classifier):
        def __init__(self, lr=0.1):
            super().__init__()
            self.save_hyperparameters()
            self.net = nn.HybridSequential()
            self.net.add(nn.Flatten(), nn.Dense(10), Doubling())
            self.net.initialize()

    model = Mine()
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert len(model.board.data["val_acc"]) == 1


def test_a_graph_computes_what_the_layers_compute(model, data):
    weights = BACKEND.weights(model)
    as_graph, _ = train(model, data, 1)
    BACKEND.load_weights(model, weights)
    with BACKEND.shared_dropout(0):
        as_layers, _ = train(model, data, 1)
    assert onp.allclose(as_graph, as_layers, rtol=1e-6)


def test_training_in_another_thread(data):
    model = d2l.SoftmaxRegression(10, 0.1)
    trainer = d2l.Trainer(max_epochs=1)
    thread = threading.Thread(target=trainer.fit, args=(model, data))
    thread.start()
    thread.join()
    assert len(model.board.data["val_acc"]) == 1


def test_parts_that_hold_plain_arrays_are_trained_too(data):
    class Outer(d2l.Classifier):
        def __init__(self, lr=0.1):
            super().__init__()
            self.save_hyperparameters()
            self.inner = d2l.MLPScratch(784, 10, 16, lr)

        def forward(self, X):
            return self.inner(X)

    model = Outer()
    assert len(model.get_scratch_params()) == 4
    before = model.inner.W2.asnumpy()
    d2l.Trainer(max_epochs=1).fit(model, data)
    assert not onp.array_equal(before, model.inner.W2.asnumpy())


def test_chapters_load_on_first_use():
    code = (
        "import sys; from d2l import mxnet as d2l; "
        "assert 'd2l.mxnet.convolutional_neural_networks.lenet' not in sys.modules; "
        "d2l.LeNet; "
        "assert 'd2l.mxnet.convolutional_neural_networks.lenet' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_loss_can_be_taken_twice_before_its_gradient(model, batch):
    X, y = batch
    grads = []
    for factors in ((1, 0), (0, 1), (1, 1)):
        with autograd.record():
            first, second = model.loss(model(X), y), model.loss(model(-X), y)
            total = factors[0] * first + factors[1] * second
        total.backward()
        grads.append(gradients(model))
    for a, b, both in zip(*grads, strict=True):
        assert onp.allclose(a + b, both, atol=1e-6)


def test_tensors_hold_copies():
    source = onp.zeros((2, 3), "float32")
    tensor = as_tensor(source[:, ::2])
    source += 1
    assert tensor.shape == (2, 2)
    assert not tensor.any()
