"""JAX's side of the parity engine."""

from __future__ import annotations

import os
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.common import trees
from d2l.parity.backend import Backend, Gradients

from .observation import observed, observed_at_once
from .randomness import KEYS, shared_dropout
from .structure import has_features_last, parameters, read, walk


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

    def materialise_by_step(self, model, batch):
        """Do nothing: Flax's layers have their parameters from the start."""

    def undrawn(self, build):
        """Parameters are zeros, in the shapes that tracing finds."""
        model = nnx.eval_shape(build)
        shapes = nnx.state(model, nnx.Param)
        nnx.update(model, jax.tree.map(lambda x: np.zeros(x.shape, x.dtype), shapes))
        return model

    def open_steps(self, trainer):
        """Compiled steps, which work on a flat list of arrays within an epoch."""
        return trainer._steps.values()

    def features_last(self, model):
        """Parts that are kinds of layers, or say so themselves."""
        return {path for path, part in walk(model) if has_features_last(part)}

    def observe(self, model, step, batch, training):
        """Outputs of parts are caught where their classes are called."""
        model.train() if training else model.eval()
        # The book's models are made to be compiled, others perhaps not.
        observe = observed_at_once if hasattr(model, "training_step") else observed
        return observe(model, step, batch)

    def gradients(self, model, step, batch):
        """By `nnx.value_and_grad`."""
        paths = [path for path, leaf in trees.leaves(batch) if _is_array(leaf)]
        given = [leaf for _, leaf in trees.leaves(batch) if _is_array(leaf)]

        def loss(model, *arrays):
            own = dict(zip(paths, arrays, strict=True))
            return step(model, trees.map_leaves(lambda p, x: own.get(p, x), batch))

        floats = [i for i, x in enumerate(given) if _is_float(x)]
        model.train()
        differentiate = nnx.value_and_grad(loss, argnums=(0, *(i + 1 for i in floats)))
        if hasattr(model, "training_step") or _is_own(model):
            # Such a model is trained compiled, and its many parts would take longer.
            differentiate = nnx.jit(differentiate)
        result, (state, *found) = differentiate(model, *given)
        by_path = dict(nnx.to_flat_state(state))
        by_name = {
            name: layout.to_canonical(read(by_path[path]))
            for name, (path, layout) in parameters(model).items()
        }
        own = {paths[i]: np.asarray(g) for i, g in zip(floats, found, strict=True)}
        return Gradients(float(result), by_name, own)

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

    def shared_dropout(self, seed):
        """Dropout layers draw from the shared stream of masks meanwhile."""
        return shared_dropout(seed)

    def synchronise(self):
        """Wait for all arrays; independent computations end in any order."""
        jax.block_until_ready(jax.live_arrays())


def _is_own(model: Any) -> bool:
    """Whether it is one of the public blocks, which are parts of compiled models."""
    return type(model).__module__.startswith(f"{__package__}.")


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array | np.ndarray)


def _is_float(tensor: Any) -> bool:
    return jnp.issubdtype(tensor.dtype, jnp.floating)


BACKEND = JaxBackend()
