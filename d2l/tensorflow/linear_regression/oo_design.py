"""The three classes that every model of the book is built on."""

from __future__ import annotations

import contextvars

import keras
import numpy as np
import tensorflow as tf

from d2l.common.data.data_module import DataModuleBase
from d2l.common.plots.progress_board import ProgressBoard
from d2l.common.training import mask_stream
from d2l.common.training.hyperparameters import HyperParameters, add_to_class
from d2l.common.training.module import ModuleBase
from d2l.common.training.trainer import TrainerBase

from ..builders_guide.use_gpu import gpu, num_gpus
from ..compiled import CompiledStep
from ..generators import compiled
from ..loaders import TensorBatches, first_batch, make_loader
from ..optimizers import drivable, scaled
from ..parts import named_parts, named_tensors
from ..weights import materialise_by

__all__ = [
    "DataModule",
    "HyperParameters",
    "Module",
    "ProgressBoard",
    "Trainer",
    "add_to_class",
]

#: Whether the model that is being called is training; None outside of calls.
_mode_of_outer_call = contextvars.ContextVar("mode_of_outer_call", default=None)


class Module(keras.Model, ModuleBase):
    """The base class of models: the network, its loss and its optimizer.

    training: whether layers such as dropout are at work; the trainer sets it,
        and so does the keyword `training` of a call.
    """

    def __init__(self, plot_train_per_epoch=2, plot_valid_per_epoch=1):
        super().__init__()
        # Keras keeps the loss of `compile` here, which would hide the method.
        vars(self).pop("loss", None)
        self.save_hyperparameters()
        self.board = ProgressBoard()
        self.trainer = None
        self.training = None

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

    def __call__(self, *args, training=None, **kwargs):
        """The output of `forward`; without `training`, in the present mode.

        A model within a model is in the mode of the outer one.
        """
        outer = _mode_of_outer_call.get()
        if training is None:
            training = self.training if outer is None else outer
        if training is not None:
            kwargs["training"] = bool(training)
        if outer is None:
            self.training = kwargs.get("training")
        token = _mode_of_outer_call.set(training)
        try:
            return super().__call__(*args, **kwargs)
        finally:
            _mode_of_outer_call.reset(token)

    def call(self, X=None, *args, training=None, **kwargs):
        """Called by Keras, which hands `training` on to the layers itself.

        X: missing where `forward` takes no inputs, or all of them by keyword.
        """
        if X is not None:
            args = (X, *args)
        # For `forward` alone: a part must not remember the mode of a whole.
        own, self.training = self.training, training
        try:
            return self.forward(*args, **kwargs)
        finally:
            self.training = own

    def build(self, input_shape):
        """Nothing to do: layers are built where `forward` first calls them."""

    @property
    def trainable_variables(self):
        """The layers' variables, and every tf.Variable that is an attribute."""
        return [t.variable for t in named_tensors(self) if t.trainable]

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
        # Keras takes no whole number, as the book's lr=1 is.
        lr = float(self.lr) if isinstance(self.lr, int) else self.lr
        return keras.optimizers.SGD(lr)

    def apply_init(self, inputs, init=None):
        """Let layers see the list `inputs` once, then initialise each by `init`."""
        self.forward(*inputs)
        if init is not None:
            for _, layer in named_parts(self.net):
                init(layer)

    @staticmethod
    def deferred(value):
        """A function that waits for `value` and returns it as a number."""
        # A loss plus Keras's list of penalties is a vector of one element.
        return lambda: np.asarray(value).item()


class DataModule(DataModuleBase):
    """The base class of data."""

    def get_tensorloader(self, tensors, train, indices=slice(0, None)):
        """A loader over equally long tensors, shuffled when `train`."""
        source = TensorBatches(tuple(t[indices] for t in tensors))
        return make_loader(source, self.batch_size, shuffle=train, seed=self.seed)


class Trainer(TrainerBase):
    """The training loop. Its steps are compiled, once for each shape of batch.

    TensorFlow computes on a GPU wherever there is one, whatever `num_gpus` says.
    """

    framework = "tensorflow"
    not_saved = ("compiled_train", "compiled_validate")

    def find_gpus(self, num_wanted):
        """The devices of the first `num_wanted` GPUs that this machine has."""
        return [gpu(i) for i in range(min(num_wanted, num_gpus()))]

    def prepare_model(self, model):
        """Connect the model with this trainer and let it make its variables."""
        super().prepare_model(model)
        if not model.built:
            batch = self.prepare_batch(first_batch(self.train_dataloader))
            validates = self.val_dataloader is not None
            step = model.validation_step if validates else model.training_step
            with self.collecting():
                materialise_by(model, batch, step)

    def prepare_optimizer(self, model):
        """Ask the model for its optimizer, and compile the steps afresh."""
        self.optim = drivable(self.make_optimizer(model))
        if not getattr(self.optim, "built", True):
            self.optim.build(model.trainable_variables)
        parts = {"model": model, "optimizer": self.optim}
        self.compiled_train = CompiledStep(self.train_on_batch, **parts)
        self.compiled_validate = CompiledStep(self.validate_on_batch, **parts)

    def run_epochs(self, checkpoint):
        """Go on after the checkpoint's epochs, if it is there, to the last."""
        for step in (self.compiled_train, self.compiled_validate):
            step.is_saved = checkpoint is not None
        super().run_epochs(checkpoint)

    def prepare_batch(self, batch):
        """The batch, a tree of tensors; TensorFlow moves it to the GPU by itself."""
        return batch

    def fit_epoch(self):
        """Train on every batch once, then validate."""
        self.model.training = True
        # A seed that was set since the last epoch is one for this epoch.
        compiled()
        for batch in self.train_dataloader:
            self.begin_step()
            points = self.compiled_train(self.prepare_batch(batch), *self.step_number())
            for key, value in points.items():
                self.model.draw_point(key, value, train=True)
            self.step_done()
        self.model.training = False
        for batch in self.val_dataloader or ():
            points = self.compiled_validate(self.prepare_batch(batch))
            for key, value in points.items():
                self.model.draw_point(key, value, train=False)
            self.val_batch_idx += 1

    def step_number(self):
        """The step's number as a tensor, if dropout masks depend on it, in a tuple."""
        is_shared = mask_stream.active is not None
        return (tf.constant(self.train_batch_idx),) if is_shared else ()

    def train_on_batch(self, batch, step=None):
        """One step, while it is traced; returns what the model plots."""
        if step is not None:
            mask_stream.active.begin(step)
        with self.collecting() as points, tf.GradientTape() as tape:
            loss = self.model.training_step(batch)
            scaled_loss = scaled(self.optim, loss)
        variables = self.model.trainable_variables
        grads = tape.gradient(scaled_loss, variables)
        if self.gradient_clip_val > 0:
            limit = scaled(self.optim, self.gradient_clip_val)
            grads = self.clip_gradients(limit, grads)
        # A parameter that the loss does not depend on has no gradient.
        pairs = zip(grads, variables, strict=True)
        self.optim.apply_gradients([(g, v) for g, v in pairs if g is not None])
        return points or {"loss": loss}

    def validate_on_batch(self, batch):
        """One validation step, while it is traced; returns what the model plots.

        A `validation_step` may also return the loss, or loss and accuracy.
        """
        with self.collecting() as points:
            result = self.model.validation_step(batch)
        if points or result is None:
            return points
        values = result if isinstance(result, tuple) else (result,)
        return dict(zip(("loss", "acc"), values, strict=False))

    def clip_gradients(self, grad_clip_val, grads):
        """The gradients, scaled so that their joint norm is at most `grad_clip_val`."""
        dense = [g if g is None else tf.convert_to_tensor(g) for g in grads]
        norm = tf.sqrt(sum(tf.reduce_sum(g**2) for g in dense if g is not None))
        # A tensor's scale instead of an if, which would wait for the device.
        scale = tf.minimum(grad_clip_val / norm, 1.0)
        return [g if g is None else g * scale for g in dense]
