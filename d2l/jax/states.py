"""What JAX's and Flax's objects hold, for checkpoints: arrays, keys, variables."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.common.training.state_kinds import Attribute, Held, Kinds
from d2l.common.trees import children
from d2l.common.weights import SAME

from .randomness import KEYS
from .structure import raw_value, set_raw_value, variables_of
from .weights import optimizer_variables

#: Where Flax keeps how an object is made, and in which trace: not what it holds.
INTERNAL = {"_pytree__nodes", "_pytree__state", "_trace_state"}

#: Nothing is saved of compiled functions, nor of those with derivatives of their own.
STATELESS = (
    jax.Device,
    jax.sharding.Sharding,
    jax.sharding.Mesh,
    type(jax.jit(abs)),
    jax.custom_jvp,
    jax.custom_vjp,
    jnp.ufunc,
)


class States(Kinds):
    """Arrays, random keys among them, and the variables around them."""

    def is_array(self, value):
        """Whether `value` is JAX's array."""
        return isinstance(value, jax.Array)

    def read(self, value):
        """An array's numbers, or a key's; its type, and whether that is weak."""
        if _is_key(value):
            data = jax.random.key_data(value)
            return np.array(data), {"key": str(jax.random.key_impl(value))}
        array = np.array(value)
        if array.dtype.kind == "V":  # a type that NumPy lacks, such as bfloat16
            array = array.view(f"uint{8 * array.dtype.itemsize}")
        return array, {"dtype": str(value.dtype), "weak": value.weak_type}

    def write(self, current, array, note):
        """Another array, as none can be filled, on the device of `current`."""
        made = self.make(array, note)
        is_like = current.shape == made.shape
        return jax.device_put(made, current.sharding) if is_like else made

    def make(self, array, note):
        """An array or a key on the default device."""
        if "key" in note:
            return jax.random.wrap_key_data(array, impl=note["key"])
        array = array.view(jnp.dtype(note["dtype"]))
        if not note["weak"]:
            return jnp.asarray(array)
        # Only what comes from a number of Python's is weak.
        zeros = jnp.broadcast_to(jnp.asarray(array.dtype.type(0).item()), array.shape)
        return zeros.at[...].set(array)

    def is_stateless(self, value):
        """Devices and some functions."""
        return isinstance(value, STATELESS)

    def attributes(self, value):
        """Of a variable, what it holds; of all else, what is not Flax's alone."""
        if isinstance(value, nnx.Variable):
            set_value = partial(set_raw_value, value)
            return [Attribute("value", raw_value(value), set_value)]
        return [a for a in super().attributes(value) if a.name not in INTERNAL]


def _is_key(array):
    return jnp.issubdtype(array.dtype, jax.dtypes.prng_key)


def generators():
    """Where `get_key` has its keys from."""

    def put(state):
        KEYS.seed, KEYS.drawn = state

    return {"keys": Held(lambda: (KEYS.seed, KEYS.drawn), put)}


def stored_arrays(model, optim):
    """By `id`, the arrays that `training_state` has, bit for bit, and its names."""
    parts = {
        "model": variables_of(model),
        "optimizer": optimizer_variables(model, optim),
    }
    stored = {}
    for part, found in parts.items():
        for name, layout, variable in found:
            array = raw_value(variable)
            # All else is converted, or transposed.
            if layout == SAME and array.dtype == jnp.result_type(float):
                stored[id(array)] = f"{part}.{name}"
    return stored


def why_not_portable(trainer):
    """What no other framework can go on with; empty if there is nothing."""
    known = {id(v) for _, _, v in optimizer_variables(trainer.model, trainer.optim)}
    for holder, variable in _variables(trainer.optim.opt_state, "optimizer"):
        if id(variable) not in known and jax.tree.leaves(variable):
            return f"the state of Optax's {holder}"
    return ""


def _variables(state, holder):
    """All variables in nested states, with the name of the innermost named tuple."""
    if isinstance(state, nnx.Variable):
        yield holder, state
    name = type(state).__name__ if hasattr(state, "_fields") else holder
    for _, branch in children(state) or ():
        yield from _variables(branch, name)


def precision():
    """The default precision by name."""
    return str(jnp.result_type(float))
