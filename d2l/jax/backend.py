"""JAX's side of the parity engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.parity.backend import Backend, Gradients, Slot, WeightError

from .randomness import KEYS, shared_dropout
from .structure import (
    holds_array,
    parameters,
    read,
    recorded_parts,
    weights,
    write,
)

#: Optax's names for the parts of an optimizer's state, and PyTorch's.
MOMENTS = {"trace": "momentum_buffer", "mu": "exp_avg", "nu": "exp_avg_sq"}


class JaxBackend(Backend):
    """Models are Flax NNX modules; an optimizer is an `nnx.Optimizer`."""

    name = "jax"
    channels_last = True

    def configure(self, precision):
        """Set the default precision, one thread, and full precision on GPUs."""
        # Both are read when JAX first computes something.
        flags = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = f"{flags} --xla_cpu_multi_thread_eigen=false".strip()
        jax.config.update("jax_enable_x64", precision == "float64")
        jax.config.update("jax_default_matmul_precision", "highest")

    def seed(self, seed):
        """Start the keys of `get_key` anew."""
        KEYS.restart(seed)

    def to_tensor(self, array):
        """Floats in the default precision, integers kept."""
        array = np.asarray(array)
        is_float = np.issubdtype(array.dtype, np.floating)
        return jnp.asarray(array, jnp.result_type(float) if is_float else None)

    def to_numpy(self, tensor):
        """A tensor's values."""
        return np.asarray(tensor)

    def materialise(self, model, inputs):
        """Flax's layers have their parameters from the start."""

    def slots(self, model):
        """The variables of all parts, named and laid out as PyTorch has them."""
        seen: set[int] = set()
        for name, layout, variable in weights(model):
            first = id(variable) not in seen
            seen.add(id(variable))
            yield Slot(
                name,
                read=lambda v=variable: read(v),
                write=lambda array, v=variable: write(v, array),
                layout=layout,
                # A shared parameter is trained under the first of its names.
                trainable=isinstance(variable, nnx.Param) and first,
            )

    def forward(self, model, inputs, training):
        """Outputs of parts are caught where their classes are called."""
        model.train() if training else model.eval()
        with recorded_parts(model) as parts:
            return model(*inputs), parts

    def gradients(self, model, loss, batch):
        """By `nnx.value_and_grad`."""
        *inputs, labels = batch
        is_bound = getattr(loss, "__self__", None) is model

        def value(copy, *inputs):
            # A loss that holds parameters must look at those of the copy.
            own = loss.__func__.__get__(copy) if is_bound else loss
            return own(copy(*inputs), labels)

        floats = [i for i, x in enumerate(inputs, 1) if _is_float(x)]
        model.train()
        differentiate = nnx.value_and_grad(value, argnums=(0, *floats))
        if is_bound:
            # Such a model is trained compiled, and its many parts would take longer.
            differentiate = nnx.jit(differentiate)
        result, (state, *found) = differentiate(model, *inputs)
        by_path = dict(nnx.to_flat_state(state))
        by_name = {
            name: layout.to_canonical(read(by_path[path]))
            for name, (path, layout) in parameters(model).items()
        }
        return Gradients(float(result), by_name, [self.canonical(x) for x in found])

    def call(self, function, arguments, wrt):
        """By `jax.grad` of the weighted sum."""
        if not wrt:
            return function(*arguments), []

        def total(*chosen):
            given = list(arguments)
            for i, tensor in zip(wrt, chosen, strict=True):
                given[i] = tensor
            output = function(*given)
            factors = jnp.arange(1, output.size + 1, dtype=output.dtype)
            return (output.reshape(-1) * factors).sum(), output

        differentiate = jax.grad(total, argnums=tuple(range(len(wrt))), has_aux=True)
        gradients, output = differentiate(*(arguments[i] for i in wrt))
        return output, list(gradients)

    def optimizer_state(self, model, optim):
        """Moments from wherever they are within Optax's nested states."""
        state = {}
        for part in _moments(optim.opt_state):
            for key, by_path in _by_path(part).items():
                for name, (path, layout) in parameters(model).items():
                    if path in by_path:
                        array = layout.to_canonical(read(by_path[path]))
                        state[f"{key}.{name}"] = array
            # A tuple without a field of that name has a method.
            if isinstance(count := part.count, nnx.Variable):
                # PyTorch counts steps in the default precision.
                state["step"] = np.asarray(count[...], dtype=jnp.result_type(float))
        return state

    def load_optimizer_state(self, model, optim, state):
        """Fill the moments, which Optax has made from the start."""
        left = dict(state)
        for part in _moments(optim.opt_state):
            for key, by_path in _by_path(part).items():
                for name, (path, layout) in parameters(model).items():
                    if path in by_path and (label := f"{key}.{name}") in left:
                        array = layout.from_canonical(left.pop(label))
                        _check_shape(label, array, by_path[path])
                        write(by_path[path], array)
            if isinstance(count := part.count, nnx.Variable) and "step" in left:
                write(count, left.pop("step").astype(count[...].dtype))
        if left:
            raise WeightError(
                f"The optimizer has no {min(left)}, which its saved state has."
            )

    def shared_dropout(self, seed):
        """Dropout layers draw from the shared stream of masks meanwhile."""
        return shared_dropout(seed)

    def synchronise(self):
        """Wait for all arrays; independent computations end in any order."""
        jax.block_until_ready(jax.live_arrays())


def _moments(state: Any) -> Iterator[Any]:
    """The states, within nested ones, that hold moments of gradients."""
    if any(hasattr(state, key) for key in MOMENTS):
        yield state
    elif isinstance(state, tuple | list):
        for part in state:
            yield from _moments(part)
    elif isinstance(state, dict):
        yield from _moments(list(state.values()))


def _by_path(part: Any) -> dict[str, dict[tuple[Any, ...], nnx.Variable]]:
    """By PyTorch's name: the moments by their paths in Flax's states."""
    return {
        name: {
            path: variable
            for path, variable in nnx.to_flat_state(getattr(part, key))
            # A parameter that the optimizer leaves out has an empty place here.
            if holds_array(variable)
        }
        for key, name in MOMENTS.items()
        if isinstance(getattr(part, key, None), nnx.State)
    }


def _check_shape(label: str, array: np.ndarray, variable: nnx.Variable) -> None:
    if array.shape != variable[...].shape:
        raise WeightError(
            f"The saved {label} does not fit: its shape would have to be "
            f"{variable[...].shape} here, not {array.shape}."
        )


def _is_float(tensor: Any) -> bool:
    return jnp.issubdtype(tensor.dtype, jnp.floating)


BACKEND = JaxBackend()
