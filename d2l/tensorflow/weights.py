"""TensorFlow's tensors and training states, under canonical names."""

from __future__ import annotations

import numpy as np

from d2l.common.weights import Slot, WeightError, fill_slots, read_slots

from .optimizers import Optimizer
from .parts import named_tensors


def slots(model):
    """The model's variables, found by walking its attributes."""
    for tensor in named_tensors(model):
        yield Slot(
            tensor.name,
            read=lambda v=tensor.variable: np.array(v.numpy()),
            write=lambda array, v=tensor.variable: v.assign(array),
            layout=tensor.layout,
            trainable=tensor.trainable,
        )


def weights(model):
    """All tensors of a model by canonical name, in canonical layout."""
    return read_slots(slots(model))


def load_weights(model, weights):
    """Fill a model; every array must be used exactly once, every shape fit."""
    fill_slots(slots(model), weights)


def materialise(model, inputs):
    """Let layers learn their input sizes."""
    model(*inputs)


def materialise_by(model, batch, step):
    """Let layers learn their input sizes, and running statistics nothing.

    batch: (inputs..., labels), or any other tree, which `step` has the model compute.
    """
    if isinstance(batch, (tuple, list)) and len(batch) > 1:
        model(*batch[:-1])
        return
    before, model.training = model.training, False
    try:
        step(batch)
    finally:
        model.training = before


def optimizer_state(model, optim):
    """The variables that the optimizer keeps, by name and parameter.

    Of an optimizer that is not ours the formula is unknown, so its variables
    have numbers only, and no other framework can read them.
    """
    return {slot.name: slot.canonical() for slot in _slots_of(model, optim)}


def load_optimizer_state(model, optim, state):
    """Make the state that the first step would make, and fill it.

    Raises WeightError if there is more or less of it than the optimizer keeps.
    """
    if isinstance(optim, Optimizer):
        optim.build(model.trainable_variables)
    slots = {slot.name: slot for slot in _slots_of(model, optim)}
    for label in sorted(state.keys() ^ slots.keys()):
        where, other = ("has", "lacks") if label in slots else ("lacks", "has")
        raise WeightError(
            f"The optimizer here {where} {label}, which its saved state {other}."
        )
    for label, slot in slots.items():
        slot.write(slot.layout.from_canonical(np.asarray(state[label])))


def _slots_of(model, optim):
    """The optimizer's slots, if it has any yet."""
    if not isinstance(optim, Optimizer):
        for i, variable in enumerate(foreign(optim)):
            yield Slot(f"keras.{i}", read=variable.numpy, write=variable.assign)
        return
    if not optim.built:
        return
    for tensor in named_tensors(model):
        if tensor.trainable:
            for name, variable in optim.state_of(tensor.variable).items():
                yield Slot(
                    f"{name}.{tensor.name}",
                    read=lambda v=variable: np.array(v.numpy()),
                    write=lambda array, v=variable: v.assign(
                        array.astype(v.dtype.as_numpy_dtype)
                    ),
                    layout=tensor.layout,
                )
    if optim.counts_steps:
        yield Slot(
            "step",
            # A float32, as in PyTorch.
            read=lambda: np.float32(optim.iterations.numpy()),
            write=lambda array: optim.iterations.assign(int(array)),
        )


def foreign(optim):
    """The variables of an optimizer that is not ours, but for its learning rate."""
    variables = list(getattr(optim, "variables", []))
    kept = [v for v in variables if v.name != "learning_rate"]
    # Plain descent counts its steps, and nothing depends on the count.
    return [] if (len(variables), len(kept)) == (2, 1) else kept
