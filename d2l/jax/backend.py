"""JAX's side of the parity engine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from d2l.parity.backend import Backend, Gradients, Slot, WeightError
from d2l.parity.layouts import CONV_KERNEL, DENSE_KERNEL, SAME, Layout

from .randomness import KEYS, shared_dropout
from .structure import owns_parameters, variables, walk

#: What Flax calls a part of a layer, and what PyTorch does.
CANONICAL_NAMES = {
    nnx.Linear: {"kernel": "weight"},
    nnx.Conv: {"kernel": "weight"},
    nnx.Embed: {"embedding": "weight"},
    nnx.LayerNorm: {"scale": "weight"},
    nnx.GroupNorm: {"scale": "weight"},
    nnx.BatchNorm: {"scale": "weight", "mean": "running_mean", "var": "running_var"},
}
#: Variables that PyTorch's state_dict has no counterpart of.
NOT_WEIGHTS = (nnx.RngState, nnx.Intermediate, nnx.Cache)
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
        for name, layout, variable in _weights(model):
            first = id(variable) not in seen
            seen.add(id(variable))
            yield Slot(
                name,
                read=lambda v=variable: _read(v),
                write=lambda array, v=variable: _write(v, array),
                layout=layout,
                # A shared parameter is trained under the first of its names.
                trainable=isinstance(variable, nnx.Param) and first,
            )

    def forward(self, model, inputs, training):
        """Outputs of parts are caught where their classes are called."""
        model.train() if training else model.eval()
        with _recorded_parts(model) as parts:
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
        result, (state, *found) = differentiate(model, *inputs)
        by_path = dict(nnx.to_flat_state(state))
        parameters = {
            name: layout.to_canonical(_read(by_path[path]))
            for name, (path, layout) in _parameters(model).items()
        }
        return Gradients(float(result), parameters, [self.canonical(x) for x in found])

    def call(self, function, arguments, wrt):
        """By `jax.grad` of the weighted sum."""
        if not wrt:
            return function(*arguments), []

        def total(*chosen):
            given = list(arguments)
            for i, tensor in zip(wrt, chosen, strict=True):
                given[i] = tensor
            output = function(*given)
            weights = jnp.arange(1, output.size + 1, dtype=output.dtype)
            return (output.reshape(-1) * weights).sum(), output

        differentiate = jax.grad(total, argnums=tuple(range(len(wrt))), has_aux=True)
        gradients, output = differentiate(*(arguments[i] for i in wrt))
        return output, list(gradients)

    def optimizer_state(self, model, optim):
        """Moments from wherever they are within Optax's nested states."""
        state = {}
        for part in _moments(optim.opt_state):
            for key, by_path in _by_path(part).items():
                for name, (path, layout) in _parameters(model).items():
                    if path in by_path:
                        array = layout.to_canonical(_read(by_path[path]))
                        state[f"{key}.{name}"] = array
            if isinstance(count := part.count, nnx.Variable):
                # PyTorch counts steps in the default precision.
                state["step"] = np.asarray(count[...], dtype=jnp.result_type(float))
        return state

    def load_optimizer_state(self, model, optim, state):
        """Fill the moments, which Optax has made from the start."""
        left = dict(state)
        for part in _moments(optim.opt_state):
            for key, by_path in _by_path(part).items():
                for name, (path, layout) in _parameters(model).items():
                    if path in by_path and f"{key}.{name}" in left:
                        array = left.pop(f"{key}.{name}")
                        _write(by_path[path], layout.from_canonical(array))
            # A tuple without a field of that name has a method.
            if isinstance(count := part.count, nnx.Variable) and "step" in left:
                _write(count, left.pop("step").astype(count[...].dtype))
        if left:
            raise WeightError(
                f"The optimizer has no {min(left)}, which its saved state has."
            )

    def shared_dropout(self, seed):
        """Dropout layers draw from the shared stream of masks meanwhile."""
        return shared_dropout(seed)

    def synchronise(self):
        """Wait until a computation that was asked for now is done."""
        (jax.device_put(0.0) + 1).block_until_ready()


def _weights(model: nnx.Module) -> Iterator[tuple[str, Layout, nnx.Variable]]:
    """Each weight's canonical name and layout; a shared one has several names."""
    channels: dict[str, int] = {}
    for path, module in walk(model):
        prefix = f"{path}." if path else ""
        declared = getattr(module, "channels_before_flatten", {})
        channels |= {prefix + key: number for key, number in declared.items()}
        names = next(
            (n for c, n in CANONICAL_NAMES.items() if isinstance(module, c)), {}
        )
        for name, variable in variables(module):
            if not isinstance(variable, NOT_WEIGHTS):
                layout = SAME
                if name == "kernel" and names:
                    layout = _kernel_layout(module, channels.get(path))
                yield prefix + names.get(name, name), layout, variable


def _kernel_layout(layer: nnx.Module, channels: int | None) -> Layout:
    if isinstance(layer, nnx.Linear):
        return Layout(DENSE_KERNEL.axes, channels)
    ndim = layer.kernel[...].ndim
    # (window..., inputs, outputs), with as many axes as the window has.
    axes = (ndim - 1, ndim - 2, *range(ndim - 2))
    return CONV_KERNEL if axes == CONV_KERNEL.axes else Layout(axes)


def _parameters(model: nnx.Module) -> dict[str, tuple[tuple[Any, ...], Layout]]:
    """By canonical name: the path in Flax's states, and the layout."""
    paths = {id(value): path for path, value in nnx.iter_graph(model)}
    found: dict[int, tuple[str, Layout]] = {}
    for name, layout, variable in _weights(model):
        if isinstance(variable, nnx.Param):
            found.setdefault(id(variable), (name, layout))
    return {name: (paths[key], layout) for key, (name, layout) in found.items()}


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
        name: dict(nnx.to_flat_state(getattr(part, key)))
        for key, name in MOMENTS.items()
        if isinstance(getattr(part, key, None), nnx.State)
    }


def _read(variable: Any) -> np.ndarray:
    # Layers that a reader made with Flax's default hold 32 bits even where 64
    # are the default: here, and so by loading weights, they become 64.
    array = np.asarray(variable[...])
    if array.dtype == np.float32:
        array = array.astype(jnp.result_type(float))
    return np.array(array)


def _write(variable: Any, array: np.ndarray) -> None:
    device = variable[...].sharding
    variable[...] = jax.device_put(np.ascontiguousarray(array), device)


def _is_float(tensor: Any) -> bool:
    return jnp.issubdtype(tensor.dtype, jnp.floating)


@contextlib.contextmanager
def _recorded_parts(model: nnx.Module) -> Iterator[dict[str, Any]]:
    """Catch the outputs of all parts that own parameters, by path."""
    paths: dict[int, str] = {}
    classes = set()
    for path, module in walk(model):
        if path and owns_parameters(module):
            paths.setdefault(id(module), path)
            classes.add(type(module))
    parts: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        for cls in classes:
            stack.enter_context(_recorded_calls(cls, paths, parts))
        yield parts


@contextlib.contextmanager
def _recorded_calls(cls: type, paths: dict[int, str], parts: dict[str, Any]):
    own = vars(cls).get("__call__")
    call = cls.__call__

    def recording(self, *args, **kwargs):
        output = call(self, *args, **kwargs)
        if id(self) in paths:
            parts[paths[id(self)]] = output
        return output

    cls.__call__ = recording
    try:
        yield
    finally:
        if own is None:
            del cls.__call__  # it is inherited
        else:
            cls.__call__ = own


BACKEND = JaxBackend()
