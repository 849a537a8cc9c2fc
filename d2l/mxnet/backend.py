"""MXNet's side of the parity engine."""

from __future__ import annotations

import contextlib
import os

import mxnet as mx
import numpy as onp
from mxnet import autograd, np, npx

from d2l.parity.backend import Backend, Gradients, Slot

from . import parameters as entries
from .hybridising import eager
from .optimizer_states import read_states, write_states
from .precision import adopt_default, default_dtype, set_default_dtype
from .randomness import shared_dropout


class MxnetBackend(Backend):
    """Layouts are PyTorch's; only the layers' names for things differ."""

    name = "mxnet"

    def configure(self, precision):
        """Set the default dtype, and full precision on GPUs.

        The number of threads is what OMP_NUM_THREADS said when MXNet was imported.
        """
        set_default_dtype(precision)
        os.environ["MXNET_CUDA_ALLOW_TENSOR_CORE"] = "0"
        npx.set_np()

    def seed(self, seed):
        """Seed MXNet's generators."""
        mx.random.seed(seed)

    def to_tensor(self, array):
        """Floats in the default precision, integers kept."""
        array = onp.asarray(array)
        is_float = onp.issubdtype(array.dtype, onp.floating)
        return np.array(array, dtype=default_dtype() if is_float else array.dtype)

    def to_numpy(self, tensor):
        """A tensor's values."""
        return tensor.asnumpy() if isinstance(tensor, np.ndarray) else tensor

    def materialise(self, model, inputs):
        """Layers learn their input sizes; what has no initial values gets them."""
        adopt_default(model)
        entries.initialise_rest(model)
        with autograd.pause():
            model(*inputs)

    def slots(self, model):
        """Parameters and arrays by attribute path."""
        # Reading a running statistic does not wait for the graphs that change it.
        self.synchronise()
        found = list(entries.named_entries(model))
        # Our batch normalisation keeps its statistics in float64 in any model.
        precision = next((e.dtype for _, e in found if entries.is_trained(e)), None)
        for name, entry in found:
            yield Slot(
                name,
                read=lambda e=entry: _floats_in(precision, entries.array_of(e)),
                write=lambda array, e=entry: entries.overwrite(
                    e, np.array(array, dtype=array.dtype)
                ),
                trainable=entries.is_trained(entry),
            )

    def load_weights(self, model, weights):
        """Fill a model; layers that don't know their input sizes learn them."""
        adopt_default(model)
        for name, entry in entries.named_entries(model):
            if entries.is_deferred(entry) and _fits(entry, weights.get(name)):
                devices = entry.list_ctx()
                entry.shape = weights[name].shape
                entry.initialize(ctx=devices, force_reinit=True)
        super().load_weights(model, weights)

    def forward(self, model, inputs, training):
        """Outputs of parts are caught by forward hooks."""
        adopt_default(model)
        parts = {}
        mode = autograd.train_mode() if training else autograd.predict_mode()
        with contextlib.ExitStack() as stack, eager(model), mode:
            for path, block in entries.blocks(model):
                if path and entries.own_entries(block):
                    hook = block.register_forward_hook(_recorder(parts, path))
                    stack.callback(hook.detach)
            return model(*inputs), parts

    def gradients(self, model, loss, batch):
        """By backward()."""
        adopt_default(model)
        *inputs, labels = batch
        inputs = [_differentiable(x) for x in inputs]
        trained = entries.trained_entries(model)
        for entry in trained.values():
            entries.gradient_of(entry)[:] = 0
        with autograd.record():
            value = loss(model(*inputs), labels)
        value.backward()
        parameters = {
            name: entries.gradient_of(entry).asnumpy()
            for name, entry in trained.items()
        }
        floats = [x.grad.asnumpy() for x in inputs if _is_float(x)]
        return Gradients(float(value), parameters, floats)

    def call(self, function, arguments, wrt):
        """By backward() of the weighted sum."""
        arguments = list(arguments)
        if not wrt:
            return function(*arguments), []
        for i in wrt:
            arguments[i] = _differentiable(arguments[i])
        with autograd.record():
            output = function(*arguments)
            weights = np.arange(1, output.size + 1, dtype=output.dtype)
            total = (output.reshape(-1) * weights).sum()
        total.backward()
        return output, [arguments[i].grad for i in wrt]

    def optimizer_state(self, model, optim):
        """The updater's arrays, by name and parameter."""
        return read_states(model, optim)

    def load_optimizer_state(self, model, optim, state):
        """Fill the updater's arrays."""
        write_states(model, optim, state)

    def shared_dropout(self, seed):
        """Dropout layers draw from the shared stream of masks meanwhile."""
        return shared_dropout(seed)

    def synchronise(self):
        """Wait until everything that was asked of MXNet is done."""
        npx.waitall()


def _fits(parameter, array):
    """Whether `array` has the shape of a parameter that knows only part of it."""
    if array is None or len(parameter.shape or array.shape) != array.ndim:
        return False
    known = parameter.shape or array.shape
    return all(k in (-1, n) for k, n in zip(known, array.shape, strict=True))


def _floats_in(precision, tensor):
    array = tensor.asnumpy()
    return array.astype(precision or array.dtype) if _is_float(array) else array


def _recorder(parts, path):
    def record(block, inputs, output):
        parts[path] = output

    return record


def _is_float(tensor):
    return onp.issubdtype(tensor.dtype, onp.floating)


def _differentiable(tensor):
    if not _is_float(tensor):
        return tensor
    copy = tensor.copy()
    copy.attach_grad()
    return copy


BACKEND = MxnetBackend()
