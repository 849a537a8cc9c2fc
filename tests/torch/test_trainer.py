"""The training loop in PyTorch: checkpoints, clipping, and what it waits for."""

import numpy as np
import pytest
import torch

from d2l import torch as d2l
from d2l.common.errors import DataError
from d2l.common.plots.progress_board import CurveRecorder
from d2l.common.training.checkpoints import load_arrays, save_arrays
from d2l.common.weights import WeightError
from d2l.torch.backend import BACKEND
from d2l.torch.optimizers import adam


class AdamLeNet(d2l.LeNet):
    def configure_optimizers(self):
        return adam(self, lr=self.lr)


@pytest.fixture(scope="module")
def data():
    return d2l.Digits(batch_size=256)


@pytest.fixture
def model(data):
    torch.manual_seed(0)
    model = AdamLeNet(lr=0.01)
    model.apply_init([next(iter(data.train_dataloader()))[0]], d2l.init_cnn)
    return model


def train(model, data, epochs, **kwargs):
    model.board = CurveRecorder()
    trainer = d2l.Trainer(max_epochs=epochs)
    trainer.fit(model, data, **kwargs)
    return model.board.curves["train_loss"], trainer


def test_resuming_equals_not_stopping(model, data, tmp_path):
    weights = BACKEND.weights(model)
    whole, _ = train(model, data, 3)
    path = tmp_path / "training.safetensors"
    BACKEND.load_weights(model, weights)
    first, _ = train(model, data, 2, checkpoint=path)
    torch.manual_seed(1)
    fresh = AdamLeNet(lr=0.01)
    rest, trainer = train(fresh, data, 3, checkpoint=path)
    assert np.allclose(whole, first + rest, rtol=1e-6)
    assert trainer.train_batch_idx == 3 * trainer.num_train_batches
    assert load_arrays(path)[1]["epochs_done"] == "3"


def test_a_finished_training_is_not_continued(model, data, tmp_path):
    path = tmp_path / "training.safetensors"
    train(model, data, 1, checkpoint=path)
    trainer = d2l.Trainer(max_epochs=1)
    model.board = CurveRecorder()
    trainer.fit(model, data, checkpoint=path)
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


def test_clipping_bounds_the_joint_norm(model, data):
    trainer = d2l.Trainer(max_epochs=1, gradient_clip_val=1e-3)
    X, y = next(iter(data.train_dataloader()))
    (100 * model.loss(model(X), y)).backward()
    before = [p.grad.clone() for p in model.parameters()]
    trainer.clip_gradients(1e-3, model)
    after = [p.grad for p in model.parameters()]
    assert float(torch.cat([g.flatten() for g in after]).norm()) == pytest.approx(1e-3)
    ratio = after[0] / before[0]
    assert torch.allclose(ratio, ratio.flatten()[0].expand_as(ratio))


def test_small_gradients_are_left_alone(model, data):
    X, y = next(iter(data.train_dataloader()))
    model.loss(model(X), y).backward()
    before = [p.grad.clone() for p in model.parameters()]
    d2l.Trainer(max_epochs=1).clip_gradients(1e6, model)
    for a, b in zip(before, [p.grad for p in model.parameters()], strict=True):
        assert torch.equal(a, b)


def test_values_are_read_only_when_a_point_is_drawn(model, data, monkeypatch):
    reads = []
    own = torch.Tensor.__float__
    monkeypatch.setattr(
        torch.Tensor, "__float__", lambda t: reads.append(1) or own(t), raising=False
    )
    model.plot_train_per_epoch = model.plot_valid_per_epoch = 1
    model.board.display = False
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


def test_chapters_load_on_first_use():
    import subprocess
    import sys

    code = (
        "import sys; from d2l import torch as d2l; "
        "assert 'd2l.torch.convolutional_neural_networks.lenet' not in sys.modules; "
        "d2l.LeNet; "
        "assert 'd2l.torch.convolutional_neural_networks.lenet' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
