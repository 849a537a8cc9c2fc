"""The three classes that every model of the book is built on."""

from __future__ import annotations

import contextlib
import inspect

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from d2l.common.data.data_module import DataModuleBase
from d2l.common.plots.progress_board import ProgressBoard
from d2l.common.training.hyperparameters import HyperParameters, add_to_class
from d2l.common.training.module import ModuleBase
from d2l.common.training.trainer import TrainerBase
from d2l.common.trees import put_arrays, take_arrays

from ..builders_guide.use_gpu import gpu, num_gpus
from ..compiled import TrainingStep, ValidationStep, view
from ..loaders import ArrayDataLoader
from ..optimizers import drivable
from ..structure import walk

__all__ = [
    "DataModule",
    "HyperParameters",
    "Module",
    "ProgressBoard",
    "Trainer",
    "add_to_class",
]


class Module(nnx.Module, ModuleBase):
    """The base class of models: the network, its loss and its optimizer."""

    def __init__(self, plot_train_per_epoch=2, plot_valid_per_epoch=1):
        super().__init__()
        self.save_hyperparameters()
        self.board = ProgressBoard()
        self.trainer = None

    def __init_subclass__(cls, **kwargs):
        """Let `help`, notebooks and `inspect` see the constructor's parameters."""
        super().__init_subclass__(**kwargs)
        # Flax's metaclass shows them as (*args, **kwargs).
        with_self = inspect.signature(cls.__init__)
        parameters = list(with_self.parameters.values())[1:]
        cls.__signature__ = with_self.replace(parameters=parameters)

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

    def __call__(self, *inputs, **kwargs):
        """The same as `forward`, the name that the book uses."""
        return self.forward(*inputs, **kwargs)

    def plot(self, key, value, train):
        """Draw the scalar `value` as a point of the curve `train_key` or `val_key`.

        While the trainer's own step is traced, values are collected and drawn
        later. While a function of the reader's is, there is no value to draw.
        """
        is_collecting = self.trainer is not None and self.trainer.collected is not None
        if is_collecting or not isinstance(value, jax.core.Tracer):
            super().plot(key, value, train)

    def training_step(self, batch):
        """The loss of a training batch (inputs..., labels), plotted."""
        l = self.loss(self(*batch[:-1]), batch[-1])  # noqa: E741
        self.plot("loss", l, train=True)
        return l

    def validation_step(self, batch):
        """The loss of a validation batch (inputs..., labels); the trainer plots it."""
        return self.loss(self(*batch[:-1]), batch[-1])

    def configure_optimizers(self):
        """Stochastic gradient descent at the learning rate `self.lr`."""
        return optax.sgd(self.lr)

    def apply_init(self, inputs, init=None):
        """Apply `init` to every part of `self.net`, which must fit `inputs`."""
        self.forward(*inputs)
        if init is not None:
            for _, module in walk(self.net):
                init(module)

    @staticmethod
    def deferred(value):
        """A function that waits for `value` and returns it as a number."""
        # By way of NumPy, which takes a third of the time of float(value).
        return lambda: np.asarray(value).item()


class DataModule(DataModuleBase):
    """The base class of data."""

    def get_tensorloader(self, tensors, train, indices=slice(0, None)):
        """A loader over equally long tensors, shuffled when `train`."""
        arrays = (t[indices] for t in tensors)
        return ArrayDataLoader(
            *arrays, batch_size=self.batch_size, shuffle=train, seed=self.seed
        )


class Trainer(TrainerBase):
    """The training loop.

    optim: the optimizer, which holds its own state.
    train_model, val_model: views of the model, for training and for evaluation.
    keys_began: where the global keys were when each kind of step was compiled.
    """

    framework = "jax"
    not_saved = ("_steps",)

    def __init__(self, max_epochs, num_gpus=0, gradient_clip_val=0):
        super().__init__(max_epochs, num_gpus, gradient_clip_val)
        self._steps = {}

    def find_gpus(self, num_wanted):
        """The devices of the first `num_wanted` GPUs that this machine has."""
        return [gpu(i) for i in range(min(num_wanted, num_gpus()))]

    def prepare_model(self, model):
        """Connect the model with this trainer and move it to the GPU, if any."""
        super().prepare_model(model)
        if self.gpus:
            nnx.update(model, jax.device_put(nnx.state(model), self.gpus[0]))

    def prepare_optimizer(self, model):
        """Make the optimizer, and the views of the model that steps work on."""
        first = [self._clipping()] if self.gradient_clip_val > 0 else []
        self.optim = drivable(model, self.make_optimizer(model), *first)
        self.train_model = view(model, training=True)
        self.val_model = view(model, training=False)
        # What an earlier fit compiled may be about another model or mode.
        self._steps.clear()
        self.keys_began = {}

    def prepare_batch(self, batch):
        """The batch, a tree of arrays, on the device of the model."""
        if not self.gpus:
            return batch
        arrays, rest = take_arrays(batch)
        return put_arrays(rest, jax.device_put(arrays, self.gpus[0]))

    def fit_epoch(self):
        """Train on every batch once, then validate."""
        self.model.train()
        with self._compiled(TrainingStep, self.train_model, self.optim) as step:
            for batch in self.train_dataloader:
                for key, value in step(self.prepare_batch(batch)):
                    self.model.draw_point(key, value, train=True)
                self.step_done()
        if self.val_dataloader is None:
            return
        self.model.eval()
        with self._compiled(ValidationStep, self.val_model) as step:
            for batch in self.val_dataloader:
                for key, value in step(self.prepare_batch(batch)):
                    self.model.draw_point(key, value, train=False)
                self.val_batch_idx += 1

    @contextlib.contextmanager
    def _compiled(self, kind, *nodes):
        """A step on `nodes`, which hold what it changed when the block ends."""
        step = self._steps.get(kind)
        if step is None or step.nodes != nodes:
            step = self._steps[kind] = kind(self, nodes)
        step.begin()
        try:
            yield step
        finally:  # also when training is interrupted
            step.end()

    def clip_gradients(self, grad_clip_val, grads):
        """The gradients, scaled so that their joint norm is at most `grad_clip_val`."""
        norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(grads)))
        scale = jnp.minimum(1.0, grad_clip_val / norm)
        return jax.tree.map(lambda g: g * scale, grads)

    def _clipping(self):
        """Clipping as a part of the optimizer."""

        def update(grads, state, params=None):
            return self.clip_gradients(self.gradient_clip_val, grads), state

        return optax.GradientTransformation(lambda params: optax.EmptyState(), update)
