"""The three classes that every model of the book is built on."""

from __future__ import annotations

import torch
from torch import nn

from d2l.common.data.data_module import DataModuleBase
from d2l.common.plots.progress_board import ProgressBoard
from d2l.common.training.hyperparameters import HyperParameters, add_to_class
from d2l.common.training.module import ModuleBase
from d2l.common.training.trainer import TrainerBase
from d2l.common.trees import map_leaves

from ..builders_guide.use_gpu import gpu, num_gpus
from ..loaders import TensorBatches, make_loader
from ..optimizers import drivable
from ..weights import materialise_by

__all__ = [
    "DataModule",
    "HyperParameters",
    "Module",
    "ProgressBoard",
    "Trainer",
    "add_to_class",
]


class Module(nn.Module, ModuleBase):
    """The base class of models: the network, its loss and its optimizer."""

    def __init__(self, plot_train_per_epoch=2, plot_valid_per_epoch=1):
        super().__init__()
        self.save_hyperparameters()
        self.board = ProgressBoard()
        self.trainer = None

    def loss(self, y_hat, y):
        """How far the predictions `y_hat` are from the labels `y`: a scalar."""
        raise NotImplementedError(f"{type(self).__name__} defines no loss")

    def forward(self, X):
        """The output of `self.net` for the inputs `X`."""
        if not hasattr(self, "net"):
            raise AttributeError(
                f"{type(self).__name__} defines neither net nor forward"
            )
        return self.net(X)

    def training_step(self, batch):
        """The loss of a training batch (inputs..., labels), plotted."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("loss", l, train=True)
        return l

    def validation_step(self, batch):
        """Plot the loss of a validation batch (inputs..., labels)."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("loss", l, train=False)

    def configure_optimizers(self):
        """Stochastic gradient descent at the learning rate `self.lr`."""
        return torch.optim.SGD(self.parameters(), lr=self.lr)

    def apply_init(self, inputs, init=None):
        """Let lazy layers see the list `inputs` once, then initialise by `init`."""
        self.forward(*inputs)
        if init is not None:
            self.net.apply(init)

    @staticmethod
    def deferred(value):
        """A function that waits for `value` and returns it as a number."""
        # Without the graph behind it, which would be kept alive.
        if isinstance(value, torch.Tensor):
            value = value.detach()
        return lambda: float(value)


class DataModule(DataModuleBase):
    """The base class of data."""

    def get_tensorloader(self, tensors, train, indices=slice(0, None)):
        """A loader over equally long tensors, shuffled when `train`."""
        dataset = TensorBatches(tuple(t[indices] for t in tensors))
        return make_loader(dataset, self.batch_size, shuffle=train, seed=self.seed)


class Trainer(TrainerBase):
    """The training loop.

    schedulers: what changes the learning rate after every step of the optimizer.
    """

    framework = "torch"

    def find_gpus(self, num_wanted):
        """The devices of the first `num_wanted` GPUs that this machine has."""
        return [gpu(i) for i in range(min(num_wanted, num_gpus()))]

    def prepare_model(self, model):
        """Connect the model with this trainer and move it to the GPU, if any."""
        super().prepare_model(model)
        if self.gpus:
            model.to(self.gpus[0])

    def prepare_optimizer(self, model):
        """Make the optimizer, and its schedulers if there are any."""
        self.optim, self.schedulers = drivable(self.make_optimizer(model))

    def prepare_batch(self, batch):
        """The batch, a tree of tensors, on the device of the model."""
        if not self.gpus:
            return batch
        return map_leaves(
            lambda path, leaf: leaf.to(self.gpus[0]) if torch.is_tensor(leaf) else leaf,
            batch,
        )

    def fit_epoch(self):
        """Train on every batch once, then validate."""
        self.model.train()
        for batch in self.train_dataloader:
            self.begin_step()
            loss = self.model.training_step(self.prepare_batch(batch))
            self.optim.zero_grad()
            loss.backward()
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            self.optim.step()
            for scheduler in self.schedulers:
                scheduler.step()
            self.step_done()
        if self.val_dataloader is None:
            return
        self.model.eval()
        with torch.no_grad():
            for batch in self.val_dataloader:
                self.model.validation_step(self.prepare_batch(batch))
                self.val_batch_idx += 1

    def clip_gradients(self, grad_clip_val, model):
        """Scale all gradients so that their joint norm is at most `grad_clip_val`."""
        grads = [p.grad for p in model.parameters() if p.grad is not None]
        norm = torch.sqrt(sum(torch.sum(g**2) for g in grads))
        # Written out: PyTorch's own clipping adds 1e-6 to the norm. A tensor's
        # scale instead of an if, which would wait for the device.
        scale = torch.clamp(grad_clip_val / norm, max=1.0)
        for g in grads:
            g.mul_(scale)

    def restore_weights(self, state):
        """Put back the weights of what `training_state` gave."""
        self.see_a_batch()
        super().restore_weights(state)

    def restore_state(self, state):
        """Put back what `training_state` gave, in whichever framework."""
        self.see_a_batch()
        super().restore_state(state)

    def see_a_batch(self):
        """Let lazy layers learn their input sizes, if there are any."""

        def validate():
            with self.collecting():
                batch = next(iter(self.train_dataloader))
                self.model.validation_step(self.prepare_batch(batch))

        materialise_by(self.model, validate)
