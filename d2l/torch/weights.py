"""PyTorch's tensors and training states: their names and layouts are canonical."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch.nn.parameter import is_lazy

from d2l.common.weights import Slot, WeightError, fill_slots, read_slots


def slots(model):
    """The entries of the state_dict."""
    trainable = {name for name, _ in model.named_parameters()}
    for name, tensor in model.state_dict().items():
        # A count that PyTorch alone keeps, and nothing depends on.
        if name.endswith("num_batches_tracked"):
            continue
        yield Slot(
            name,
            read=lambda t=tensor: to_numpy(t).copy(),
            write=lambda array, t=tensor: t.copy_(torch.as_tensor(array)),
            trainable=name in trainable,
        )


def weights(model):
    """All tensors of a model by canonical name."""
    return read_slots(slots(model))


def load_weights(model, weights):
    """Fill a model; every array must be used exactly once, every shape fit."""
    fill_slots(slots(model), weights)


def materialise(model, inputs):
    """Let lazy layers learn their input sizes, and running statistics nothing."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        model(*inputs)
    model.train(was_training)


def materialise_by(model, run):
    """Call `run`, which has the model compute, if there are lazy layers."""
    if not any(map(is_lazy, (*model.parameters(), *model.buffers()))):
        return
    was_training = model.training
    model.eval()
    with torch.no_grad():
        run()
    model.train(was_training)


def optimizer_state(model, optim):
    """Tensors of the optimizer's own state, by name and parameter."""
    state = {}
    for name, parameter in model.named_parameters():
        for key, value in getattr(optim, "state", {}).get(parameter, {}).items():
            if value is not None:
                label = "step" if key == "step" else f"{key}.{name}"
                state[label] = np.array(to_numpy(value))
    return state


def load_optimizer_state(model, optim, state):
    """Make the state that the first step would make, and fill it.

    Raises WeightError if there is more or less of it than the optimizer keeps.
    """
    kept = optimizer_state(*_after_a_step(model, optim))
    for label in sorted(state.keys() ^ kept.keys()):
        where, other = ("has", "lacks") if label in kept else ("lacks", "has")
        raise WeightError(
            f"The optimizer here {where} {label}, which its saved state {other}."
        )
    parameters = dict(model.named_parameters())
    for label, array in state.items():
        key, _, name = label.partition(".")
        for parameter in [parameters[name]] if name else _moved(optim):
            # PyTorch counts steps in the default precision.
            is_count = key == "step"
            dtype = torch.get_default_dtype() if is_count else parameter.dtype
            value = torch.as_tensor(array, dtype=dtype).clone()
            optim.state[parameter][key] = value


def _moved(optim):
    """The parameters that the optimizer moves."""
    return [p for group in optim.param_groups for p in group["params"]]


def _after_a_step(model, optim):
    """A copy of the model and of its optimizer, which has taken a step."""
    if not isinstance(optim, torch.optim.Optimizer):
        return model, optim
    # Together, so that the copied optimizer has the copied parameters.
    copied, other = copy.deepcopy((dict(model.named_parameters()), optim))
    for parameter in copied.values():
        parameter.grad = torch.zeros_like(parameter)
    other.step()
    return _Named(copied), other


class _Named:
    """Parameters by name."""

    def __init__(self, parameters):
        self.named_parameters = parameters.items


def to_numpy(tensor):
    """A tensor's values; anything else as it is."""
    return tensor.detach().cpu().numpy() if torch.is_tensor(tensor) else tensor
