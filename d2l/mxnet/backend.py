"""MXNet's side of the parity engine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

import mxnet as mx
import numpy as onp
from mxnet import autograd, np, npx

from d2l.common import trees
from d2l.common.errors import D2LError
from d2l.parity.backend import Backend, Gradients

from . import parameters as entries
from .hybridising import eager
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

    def use_gpu(self):
        """Raise a D2LError: its packages are made for the processor alone."""
        raise D2LError("MXNet 1.9.1 has no package for GPUs: see docs/gpus.md.")

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

    def apply(self, model, inputs, training):
        """A model's output; Gluon calls its blocks without keywords."""
        if isinstance(inputs, Mapping):
            inputs = entries.positional(model.forward, (), inputs)
        return model(*inputs)

    def materialise_by_step(self, model, batch):
        """The same by a step; what has no initial values gets them first."""
        entries.initialise_rest(model)
        super().materialise_by_step(model, batch)

    def observe(self, model, step, batch, training):
        """Outputs of parts are caught by forward hooks."""
        adopt_default(model)
        parts = {}
        mode = autograd.train_mode() if training else autograd.predict_mode()
        with contextlib.ExitStack() as stack, eager(model), mode:
            for path, block in entries.blocks(model):
                if not path or entries.own_entries(block):
                    hook = block.register_forward_hook(_recorder(parts, path))
                    stack.callback(hook.detach)
            return step(model, batch), parts

    def gradients(self, model, step, batch):
        """By backward()."""
        adopt_default(model)
        batch = trees.map_leaves(lambda path, leaf: _differentiable(leaf), batch)
        trained = entries.trained_entries(model)
        for entry in trained.values():
            entries.gradient_of(entry)[:] = 0
        with autograd.record():
            loss = step(model, batch)
        loss.backward()
        parameters = {
            name: entries.gradient_of(entry).asnumpy()
            for name, entry in trained.items()
        }
        floats = {
            path: leaf.grad.asnumpy()
            for path, leaf in trees.leaves(batch)
            if _is_float(leaf)
        }
        return Gradients(float(loss), parameters, floats)

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

    def shared_dropout(self, seed):
        """Dropout layers draw from the shared stream of masks meanwhile."""
        return shared_dropout(seed)

    def synchronise(self):
        """Wait until everything that was asked of MXNet is done."""
        npx.waitall()


def _recorder(parts, path):
    def record(block, inputs, output):
        parts[path] = output

    return record


def _is_float(leaf):
    return isinstance(leaf, np.ndarray) and onp.issubdtype(leaf.dtype, onp.floating)


def _differentiable(tensor):
    if not _is_float(tensor):
        return tensor
    copy = tensor.copy()
    copy.attach_grad()
    return copy


BACKEND = MxnetBackend()
