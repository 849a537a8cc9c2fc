"""A device that behaves like a GPU: PyTorch's processor, behind another name.

Tensors of it hold a tensor of the processor's. What a GPU refuses is refused: to
compute with tensors of two devices, and to hand numbers to NumPy. So numbers are the
processor's, and whatever forgets a device raises an error.
"""

from __future__ import annotations

import contextlib
from unittest import mock

import torch
from torch.nn import parameter
from torch.overrides import TorchFunctionMode
from torch.utils import backend_registration
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_flatten, tree_map_only

NAME = "gpu"
# Before anything is differentiated, when PyTorch counts the devices.
backend_registration._setup_privateuseone_for_python_backend(NAME)
aten = torch.ops.aten
#: What takes tensors of two devices on a GPU, too.
BETWEEN_DEVICES = {
    aten.copy_.default,
    aten._to_copy.default,
    aten.index.Tensor,
    aten.index_put_.default,
    aten._index_put_impl_.default,
}
#: Layers of which a GPU has kernels of its own.
FUSED = {"lstm", "gru", "rnn_tanh", "rnn_relu"}


class OnGpu(torch.Tensor):
    """A tensor of the device; held: its numbers."""

    @staticmethod
    def __new__(cls, held):
        return torch.Tensor._make_wrapper_subclass(
            cls,
            held.size(),
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            device=f"{NAME}:0",
        )

    def __init__(self, held):
        # Signs that are only noted are noted of this tensor, not of what it holds.
        self.held = held.resolve_conj().resolve_neg()

    def __repr__(self):
        return f"OnGpu({self.held!r})"

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return compute(function, args, kwargs or {})


def compute(function, args, kwargs):
    """Compute on the processor; the result is on the device that it would be on."""
    tensors = [t for t in tree_flatten((args, kwargs))[0] if torch.is_tensor(t)]
    there = [t for t in tensors if isinstance(t, OnGpu)]
    here = [t for t in tensors if not isinstance(t, OnGpu) and t.dim() > 0]
    if there and here and function not in BETWEEN_DEVICES:
        raise RuntimeError(f"{function}: tensors on two devices")
    device = kwargs.get("device")
    is_there = bool(there) if device is None else torch.device(device).type == NAME
    args_held, kwargs_held = tree_map_only(OnGpu, lambda t: t.held, (args, kwargs))
    if device is not None and is_there:
        kwargs_held = {**kwargs_held, "device": "cpu"}
    found = function(*args_held, **kwargs_held)
    if function is aten.copy_.default:
        return args[0]
    if not is_there:
        return found
    found = tree_map_only(torch.Tensor, OnGpu, found)
    return (
        return_and_correct_aliasing(function, args, kwargs, found) if there else found
    )


class _Factories(TorchDispatchMode):
    """Tensors are made on the device, if it is asked for."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        return compute(function, args, kwargs or {})


class _FusedLayers(TorchFunctionMode):
    """Layers with kernels of their own have those of the processor."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if getattr(function, "__name__", "") not in FUSED:
            return function(*args, **kwargs)
        args, kwargs = tree_map_only(torch.Tensor, lambda t: t.cpu(), (args, kwargs))
        return tree_map_only(
            torch.Tensor, lambda t: t.to(NAME), function(*args, **kwargs)
        )


def _uninitialized(own):
    # Of no shape yet, and so of no device either.
    def new(cls, requires_grad=True, device=None, dtype=None, **rest):
        return own(cls, requires_grad, "meta", dtype, **rest)

    return new


def _materialise(self, shape, device=None, dtype=None):
    data = torch.empty(shape, dtype=dtype or self.dtype, device=NAME)
    if isinstance(self, torch.nn.Parameter):
        data = torch.nn.Parameter(data, self.requires_grad)
    torch.utils.swap_tensors(self, data)


@contextlib.contextmanager
def pretended_gpu():
    """There is the device meanwhile, by the name `gpu`."""
    before = torch._C._only_lift_cpu_tensors()
    torch._C._set_only_lift_cpu_tensors(True)
    kinds = (parameter.UninitializedParameter, parameter.UninitializedBuffer)
    with contextlib.ExitStack() as stack:
        stack.callback(torch._C._set_only_lift_cpu_tensors, before)
        for kind in kinds:
            new = _uninitialized(kind.__new__)
            stack.enter_context(mock.patch.object(kind, "__new__", new))
            own = mock.patch.object(kind, "materialize", _materialise)
            stack.enter_context(own)
        stack.enter_context(_FusedLayers())
        stack.enter_context(_Factories())
        yield torch.device(NAME)
