"""Steps of the training loop as one compiled function each, and what they work on.

`nnx.jit` takes a model apart and puts it together again at every call, in
Python, which costs small models most of their time. Here that happens once an
epoch: in between, the state is a flat list of arrays.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from d2l.common import trees
from d2l.common.training import mask_stream

from .randomness import KEYS
from .structure import walk


class CompiledStep:
    """A step of `trainer` on some of its objects, which it may change.

    `begin` takes their state, calls move it, `end` puts it back into them.
    """

    def __init__(self, trainer: Any, nodes: tuple[Any, ...]):
        self.trainer, self.nodes = trainer, nodes
        self.keys: list[str] = []
        self.compiled: dict[str, Any] = {}
        self._take_apart()

    def _take_apart(self) -> None:
        self.graph, state = nnx.split(self.nodes)
        self.tree: Any
        arrays, self.tree = jax.tree.flatten(state)
        # Bound to their device, as what the step returns may be: the second step
        # would be compiled anew if its arrays were of another kind.
        self.arrays: list[Any] = [
            jax.device_put(a, getattr(a, "sharding", None)) for a in arrays
        ]

    def begin(self) -> None:
        """Take the state; compile anew if more than the state has changed."""
        graph, tree = self.graph, self.tree
        self._take_apart()
        if self.graph != graph or self.tree != tree:
            self.compiled.clear()

    def end(self) -> None:
        """Put the state back into the objects."""
        nnx.update(self.nodes, self.tree.unflatten(self.arrays))

    def __call__(self, batch: Any) -> list[tuple[str, Any]]:
        """Take a step; returns the names and values of what is to be plotted."""
        # A step that draws from the shared stream of masks must know its number.
        parity = mask_stream.active is not None
        number = self.trainer.train_batch_idx if parity else 0
        own, rest = trees.take_arrays(batch)
        # Batches of other forms, or with other plain values, are other functions.
        form = repr(rest)
        if form not in self.compiled:
            self.compiled[form] = jax.jit(partial(self.run, rest))
        self.arrays, points = self.compiled[form](self.arrays, own, number)
        return [(key, points[key]) for key in self.keys]

    def run(
        self, rest: Any, arrays: list[Any], own: list[Any], number: Any
    ) -> tuple[list[Any], Any]:
        """What is compiled: a step as a function of the state and the batch's arrays.

        rest: the batch without its arrays.
        """
        batch = trees.put_arrays(rest, own)
        if mask_stream.active is not None:
            mask_stream.active.begin(number)
        nodes = nnx.merge(self.graph, self.tree.unflatten(arrays))
        # A key that is drawn in here is a constant of what is compiled. When training
        # is taken up again, and compiled again, it is to be the same.
        with KEYS.again(self.trainer.keys_began, type(self).__name__):
            points = self.step(*nodes, batch)
        # A dictionary comes back from a compiled function in alphabetical order.
        self.keys = list(points)
        return self._arrays_of(nodes, arrays), points

    def _arrays_of(self, nodes: tuple[Any, ...], before: list[Any]) -> list[Any]:
        """The state in the order of `before`, without what the step added to it."""
        state = nnx.state(nodes)
        if jax.tree.structure(state) == self.tree:
            return jax.tree.leaves(state)
        found = dict(jax.tree_util.tree_leaves_with_path(state))
        wanted = jax.tree_util.tree_leaves_with_path(self.tree.unflatten(before))
        return [found.get(path, array) for path, array in wanted]

    def step(self, *arguments: Any) -> dict[str, Any]:
        """Take a step with the objects, put together again, and a batch."""
        raise NotImplementedError


class TrainingStep(CompiledStep):
    """Forward, backward, clipping and update."""

    def step(self, model: Any, optim: Any, batch: Any) -> dict[str, Any]:
        """The gradient of `training_step`, and what it plotted, else its loss."""

        def loss_and_points(model: Any) -> tuple[Any, dict[str, Any]]:
            with self.trainer.collecting() as points:
                loss = model.training_step(batch)
            return loss, points or {"loss": loss}

        grads, points = nnx.grad(loss_and_points, has_aux=True)(model)
        optim.update(model, grads)
        return points


class ValidationStep(CompiledStep):
    """What the model has to say of a validation batch."""

    def step(self, model: Any, batch: Any) -> dict[str, Any]:
        """What `validation_step` returned, and what it plotted."""
        with self.trainer.collecting() as points:
            returned = model.validation_step(batch)
        if returned is None:
            return points
        metrics = returned if isinstance(returned, tuple) else (returned,)
        named = zip(("loss", "acc"), metrics, strict=False)
        # A reader may return something else, such as predictions.
        return {k: v for k, v in named if jnp.ndim(v) == 0} | points


class Structure:
    """How a model is made of arrays, as a static argument of compiled functions.

    Compared by identity: Flax takes milliseconds to compare its own description,
    and that at every call.
    """

    def __init__(self, graph: Any, tree: Any):
        self.graph, self.tree = graph, tree

    def merge(self, arrays: list[Any]) -> Any:
        """The model made of these arrays."""
        return nnx.merge(self.graph, self.tree.unflatten(arrays))


#: Makes one object of equal structures.
_structure = lru_cache(maxsize=64)(Structure)


def take_apart(model: nnx.Module) -> tuple[Structure, list[Any]]:
    """The structure of a model, the same object for equal ones, and its arrays."""
    graph, state = nnx.split(model)
    arrays, tree = jax.tree.flatten(state)
    return _structure(graph, tree), arrays


def view(model: nnx.Module, training: bool) -> nnx.Module:
    """A twin for training or for evaluation that shares the variables of `model`."""
    modes = {"deterministic": not training, "use_running_average": not training}
    if hasattr(nnx, "view"):
        twin = nnx.view(model, raise_if_not_found=False, **modes)
    else:  # an older Flax
        twin = _twin(model, {})
        for _, module in walk(twin):
            _set_view(module, modes)
    # Also in modules that have the attribute but no `set_view`.
    twin.set_attributes(raise_if_not_found=False, **modes)
    return twin


def _twin(node: Any, done: dict[int, Any]) -> Any:
    """A copy of all modules, which holds the very same variables."""
    if id(node) in done:
        return done[id(node)]
    if isinstance(node, nnx.Module):
        copy = done[id(node)] = object.__new__(type(node))
        vars(copy).update({k: _twin(v, done) for k, v in vars(node).items()})
        return copy
    if type(node) in (list, tuple):
        return type(node)(_twin(item, done) for item in node)
    if type(node) is dict:
        return {key: _twin(item, done) for key, item in node.items()}
    return node


def _set_view(module: nnx.Module, modes: dict[str, bool]) -> None:
    set_view = getattr(module, "set_view", None)
    if set_view is None:
        return
    code = set_view.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    set_view(**{name: on for name, on in modes.items() if name in names})
