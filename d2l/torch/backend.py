"""PyTorch's side of the parity engine."""

from __future__ import annotations

import contextlib

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from d2l.common import trees
from d2l.parity.backend import Backend, Gradients

from .randomness import shared_dropout
from .weights import to_numpy


class TorchBackend(Backend):
    """The canonical names and layouts are PyTorch's own."""

    name = "torch"

    def configure(self, precision):
        """Set the default dtype, one thread, and full precision on GPUs."""
        torch.set_default_dtype(getattr(torch, precision))
        torch.set_num_threads(1)
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False

    def use_gpu(self):
        """Make new tensors and layers on it; what has no fixed order is warned of."""
        super().use_gpu()
        torch.set_default_device("cuda")
        _NormalDraws().__enter__()
        torch.use_deterministic_algorithms(True, warn_only=True)

    def seed(self, seed):
        """Seed PyTorch's generators."""
        torch.manual_seed(seed)

    def to_tensor(self, array):
        """Floats in the default precision, integers kept."""
        tensor = torch.as_tensor(np.ascontiguousarray(array).reshape(np.shape(array)))
        if tensor.is_floating_point():
            return tensor.to(torch.get_default_dtype())
        return tensor

    def to_numpy(self, tensor):
        """A tensor's values."""
        return to_numpy(tensor)

    def observe(self, model, step, batch, training):
        """Outputs of parts are caught by forward hooks."""
        parts: dict[str, torch.Tensor] = {}
        model.train(training)
        with contextlib.ExitStack() as stack, torch.no_grad():
            for path, module in model.named_modules():
                if not path or list(module.parameters(recurse=False)):
                    hook = module.register_forward_hook(_recorder(parts, path))
                    stack.callback(hook.remove)
            return step(model, batch), parts

    def gradients(self, model, step, batch):
        """By backward()."""
        batch = trees.map_leaves(lambda path, leaf: _differentiable(leaf), batch)
        model.train()
        model.zero_grad()
        loss = step(model, batch)
        loss.backward()
        parameters = {
            name: to_numpy(_gradient(p)) for name, p in model.named_parameters()
        }
        floats = {
            path: to_numpy(_gradient(leaf))
            for path, leaf in trees.leaves(batch)
            if _is_float(leaf)
        }
        return Gradients(float(loss.detach()), parameters, floats)

    def call(self, function, arguments, wrt):
        """By backward() of the weighted sum."""
        arguments = list(arguments)
        for i in wrt:
            arguments[i] = _differentiable(arguments[i])
        output = function(*arguments)
        if wrt:
            weights = torch.arange(1, output.numel() + 1, dtype=output.dtype)
            (output.reshape(-1) * weights).sum().backward()
        return output, [_gradient(arguments[i]) for i in wrt]

    def shared_dropout(self, seed):
        """Dropout layers draw from the shared stream of masks meanwhile."""
        return shared_dropout(seed)

    def synchronise(self):
        """Wait for the GPUs; the processor is always done."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()


class _NormalDraws(TorchFunctionMode):
    """`torch.normal`, too, draws on the default device, which it alone ignores."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        has_size = len(args) > 2 or "size" in kwargs
        if function is torch.normal and has_size:
            kwargs.setdefault("device", torch.get_default_device())
        return function(*args, **kwargs)


def _recorder(parts, path):
    def record(module: nn.Module, inputs, output):
        parts[path] = output

    return record


def _is_float(leaf):
    return torch.is_tensor(leaf) and leaf.is_floating_point()


def _differentiable(leaf):
    if not _is_float(leaf):
        return leaf
    return leaf.detach().clone().requires_grad_()


def _gradient(tensor):
    # A parameter that the loss does not depend on has no gradient at all.
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


BACKEND = TorchBackend()
