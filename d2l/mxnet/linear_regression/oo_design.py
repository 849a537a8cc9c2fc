"""The three classes that every model of the book is built on."""

from __future__ import annotations

from collections import deque

from mxnet import autograd, initializer, np, npx
from mxnet.gluon import nn

from d2l.common.data.data_module import DataModuleBase
from d2l.common.plots.progress_board import ProgressBoard
from d2l.common.training.hyperparameters import HyperParameters, add_to_class
from d2l.common.training.module import ModuleBase
from d2l.common.training.trainer import TrainerBase
from d2l.common.trees import map_leaves

from ..builders_guide.use_gpu import gpu, num_gpus
from ..hybridising import hybridised
from ..loaders import TensorBatches, make_loader
from ..optimizers import drivable, sgd
from ..parameters import gradient_of, positional, scratch_arrays, trained_entries
from ..precision import adopt_default
from ..randomness import draw_seed, seed_epoch
from ..states import kept_gradients

__all__ = [
    "DataModule",
    "HyperParameters",
    "Module",
    "ProgressBoard",
    "Trainer",
    "add_to_class",
]


class Module(nn.Block, ModuleBase):
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

    def __call__(self, *args, **kwargs):
        """The same as `forward`; Gluon's own call takes no keywords."""
        if kwargs:
            args = positional(self.forward, args, kwargs)
        return super().__call__(*args)

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
        parameters = self.parameters()
        if isinstance(parameters, list):
            from .linear_regression_scratch import SGD

            return SGD(parameters, self.lr)
        return sgd(self, self.lr)

    def parameters(self):
        """Gluon's parameters, or a list of the plain arrays if there are none."""
        parameters = self.collect_params()
        # The dictionary itself counts as true even if it is empty.
        return parameters if parameters.keys() else self.get_scratch_params()

    def get_scratch_params(self):
        """The plain arrays that are attributes of this model and its parts."""
        return [array for _, _, array in scratch_arrays(self)]

    def set_scratch_params_device(self, device):
        """Move the plain arrays to `device`, with new gradients."""
        for owner, name, array in scratch_arrays(self):
            moved = array.as_in_ctx(device)
            if array.grad is not None:
                moved = moved.detach()
                moved.attach_grad()
            setattr(owner, name, moved)

    def apply_init(self, inputs, init=None):
        """Let lazy layers see the list `inputs` once, then initialise by `init`.

        init: one of MXNet's initialisers, or a function of a layer.
        """
        self.forward(*inputs)
        if isinstance(init, (str, initializer.Initializer)):
            self.net.initialize(init, force_reinit=True)
        elif init is not None:
            self.net.apply(init)

    @staticmethod
    def deferred(value):
        """A function that waits for `value` and returns it as a number."""
        # Without the graph behind it, which would be kept alive.
        if isinstance(value, np.ndarray):
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

    random_seed: what the random numbers of all epochs depend on. MXNet's generator
        cannot be read, so it is seeded anew before each epoch.
    """

    framework = "mxnet"
    not_saved = ("waiting",)
    random_seed: int | None = None
    #: So many steps Python may be ahead of the device. MXNet runs asynchronously
    #: and would otherwise hold the batches of all waiting steps in memory.
    max_steps_ahead = 8

    def find_gpus(self, num_wanted):
        """The devices of the first `num_wanted` GPUs that this machine has."""
        return [gpu(i) for i in range(min(num_wanted, num_gpus()))]

    def prepare_data(self, data):
        """Make the loaders and count their batches."""
        # MXNet keeps this by thread, and this may be another one.
        npx.set_np()
        super().prepare_data(data)

    def prepare_model(self, model):
        """Connect the model with this trainer, on its device, as a graph."""
        super().prepare_model(model)
        adopt_default(model)
        if self.gpus:
            model.collect_params().reset_ctx(self.gpus[0])
            model.set_scratch_params_device(self.gpus[0])
        self.waiting = deque()
        self.gradients = kept_gradients(model)

    def prepare_optimizer(self, model):
        """Make the optimizer."""
        self.optim = drivable(self.make_optimizer(model))

    def begin_epoch(self):
        """Seed MXNet's generator, by a number that it has drawn itself at first."""
        if self.epoch == 0 or self.random_seed is None:
            self.random_seed = draw_seed()
        seed_epoch(self.random_seed, self.epoch)

    def prepare_batch(self, batch):
        """The batch, a tree of tensors, on the device of the model."""
        if not self.gpus:
            return batch
        return map_leaves(
            lambda path, leaf: (
                leaf.as_in_ctx(self.gpus[0]) if isinstance(leaf, np.ndarray) else leaf
            ),
            batch,
        )

    def running(self, model):
        """Layers of which it is known to be safe run as compiled graphs meanwhile."""
        return hybridised(model)

    def fit_epoch(self):
        """Train on every batch once, then validate."""
        for batch in self.train_dataloader:
            self.begin_step()
            with autograd.record():
                loss = self.model.training_step(self.prepare_batch(batch))
            loss.backward()
            if self.gradient_clip_val > 0:
                self.clip_gradients(self.gradient_clip_val, self.model)
            self.optim.step(1)
            self.limit_lead(loss)
            self.step_done()
        if self.val_dataloader is None:
            return
        for batch in self.val_dataloader:
            self.model.validation_step(self.prepare_batch(batch))
            self.val_batch_idx += 1

    def limit_lead(self, loss):
        """Wait for the loss of an earlier step when Python is too far ahead."""
        self.waiting.append(loss)
        if len(self.waiting) > self.max_steps_ahead:
            self.waiting.popleft().wait_to_read()

    def clip_gradients(self, grad_clip_val, model):
        """Scale all gradients so that their joint norm is at most `grad_clip_val`."""
        grads = [gradient_of(entry) for entry in trained_entries(model).values()]
        norm = np.sqrt(sum(np.square(g).sum() for g in grads))
        # An array's scale instead of an if, which would wait for the device.
        scale = np.minimum(grad_clip_val / norm, 1.0)
        for g in grads:
            g *= scale
