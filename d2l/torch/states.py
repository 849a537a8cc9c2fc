"""What PyTorch's objects hold, for checkpoints: tensors and generators."""

from __future__ import annotations

import torch
from torch.nn.parameter import is_lazy
from torch.utils.hooks import RemovableHandle

from d2l.common.training.state_kinds import Held, Kinds

from .loaders import default_dtype

#: Of the same size as types that NumPy lacks.
STAND_INS = {torch.bfloat16: torch.int16}


class States(Kinds):
    """Tensors and `torch.Generator`s."""

    def is_array(self, value):
        """Whether `value` is a tensor."""
        return torch.is_tensor(value)

    def read(self, value):
        """A tensor's numbers; its type and device, and whether it is trained."""
        tensor = value.detach().cpu()
        if tensor.dtype in STAND_INS:
            tensor = tensor.view(STAND_INS[tensor.dtype])
        note = {
            "dtype": str(value.dtype).removeprefix("torch."),
            "device": value.device.type,
            "requires_grad": value.requires_grad and value.is_leaf,
        }
        return tensor.numpy(), note

    def write(self, current, array, note):
        """Fill a tensor of the same shape and type, else make another."""
        tensor = _tensor(array, note)
        fits = not is_lazy(current) and current.shape == tensor.shape
        if not fits or current.dtype != tensor.dtype:
            if is_lazy(current) or isinstance(current, torch.nn.Parameter):
                raise ValueError(
                    f"its shape is {tuple(tensor.shape)} in the checkpoint, "
                    f"and {tuple(current.shape)} here."
                )
            return self.make(array, note)
        with torch.no_grad():
            current.detach().copy_(tensor)
        if current.is_leaf and current.requires_grad != note["requires_grad"]:
            current.requires_grad_(note["requires_grad"])
        return current

    def make(self, array, note):
        """A tensor on the device that it was on, if there is one."""
        device = note["device"] if torch.cuda.is_available() else "cpu"
        return _tensor(array, note).to(device).requires_grad_(note["requires_grad"])

    def holder(self, value):
        """A generator's state is a tensor of bytes."""
        if not isinstance(value, torch.Generator):
            return None
        return _bytes_held(value.get_state, value.set_state)

    def is_stateless(self, value):
        """Types, devices and the like."""
        return isinstance(
            value,
            (torch.dtype, torch.device, torch.layout, RemovableHandle),
        )

    def has_own_state(self, value):
        """Not of models and optimizers, whose other attributes are left out there."""
        is_partial = isinstance(value, (torch.nn.Module, torch.optim.Optimizer))
        return not is_partial and super().has_own_state(value)


def _tensor(array, note):
    tensor = torch.from_numpy(array.copy())
    return tensor.view(getattr(torch, note["dtype"]))


def _bytes_held(get, set):
    return Held(lambda: get().numpy(), lambda array: set(torch.from_numpy(array)))


def generators():
    """The generators of the processor and of each GPU."""
    found = {"processor": _bytes_held(torch.get_rng_state, torch.set_rng_state)}
    if torch.cuda.is_available():
        for i in range(torch.cuda.device_count()):
            get, set = torch.cuda.get_rng_state, torch.cuda.set_rng_state
            found[f"gpu{i}"] = _bytes_held(
                lambda get=get, i=i: get(i), lambda state, set=set, i=i: set(state, i)
            )
    return found


def stored_arrays(model, optim):
    """By `id`, the tensors that `training_state` has, bit for bit, and its names."""
    stored = {}
    for name, tensor in (*model.named_parameters(), *model.named_buffers()):
        if not name.endswith("num_batches_tracked"):
            stored[id(tensor)] = f"model.{name}"
    # A buffer that state_dict leaves out is saved with the rest.
    kept = {f"model.{name}" for name in model.state_dict()}
    stored = {key: name for key, name in stored.items() if name in kept}
    for name, parameter in model.named_parameters():
        for key, value in getattr(optim, "state", {}).get(parameter, {}).items():
            if key != "step" and torch.is_tensor(value):
                stored[id(value)] = f"optimizer.{key}.{name}"
    return stored


def why_not_portable(trainer):
    """What no other framework can go on with; empty if there is nothing."""
    optim = trainer.optim
    if trainer.schedulers:
        return f"PyTorch's schedule {type(trainer.schedulers[0]).__name__}"
    keys = {key for own in getattr(optim, "state", {}).values() for key in own}
    if keys <= {"momentum_buffer", "exp_avg", "exp_avg_sq", "step"}:
        return ""
    return f"the state of PyTorch's {type(optim).__name__}"


def precision():
    """The default precision by name."""
    return default_dtype()
