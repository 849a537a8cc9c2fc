"""Steps of the training loop as one compiled function each.

`nnx.jit` takes a model apart and puts it together again at every call, in
Python, which costs small models most of their time. Here that happens once an
epoch: in between, the state is a flat list of arrays.
"""

from __future__ import annotations

from typing import Any

import jax
from flax import nnx

from d2l.common import mask_stream


class CompiledStep:
    """A step of `trainer` on some of its objects, which it may change.

    `begin` takes their state, calls move it, `end` puts it back into them.
    """

    def __init__(self, trainer: Any, nodes: tuple[Any, ...]):
        self.trainer, self.nodes = trainer, nodes
        self.keys: list[str] = []
        self._take_apart()
        self.compiled = jax.jit(self.run)

    def _take_apart(self) -> None:
        self.graph, state = nnx.split(self.nodes)
        self.arrays, self.tree = jax.tree.flatten(state)

    def begin(self) -> None:
        """Take the state; compile anew if more than the state has changed."""
        graph, tree = self.graph, self.tree
        self._take_apart()
        if self.graph != graph or self.tree != tree:
            self.compiled = jax.jit(self.run)

    def end(self) -> None:
        """Put the state back into the objects."""
        nnx.update(self.nodes, self.tree.unflatten(self.arrays))

    def __call__(self, batch: Any) -> list[tuple[str, Any]]:
        """Take a step; returns the names and values of what is to be plotted."""
        # A step that draws from the shared stream of masks must know its number.
        parity = mask_stream.active is not None
        number = self.trainer.train_batch_idx if parity else 0
        self.arrays, points = self.compiled(self.arrays, batch, number)
        return [(key, points[key]) for key in self.keys]

    def run(self, arrays: list[Any], batch: Any, number: Any) -> tuple[list[Any], Any]:
        """What is compiled: a step as a function of the state and the batch."""
        if mask_stream.active is not None:
            mask_stream.active.begin(number)
        nodes = nnx.merge(self.graph, self.tree.unflatten(arrays))
        points = self.step(*nodes, batch)
        # A dictionary comes back from a compiled function in alphabetical order.
        self.keys = list(points)
        return self._arrays_of(nodes), points

    def _arrays_of(self, nodes: tuple[Any, ...]) -> list[Any]:
        """The state in the order of `self.arrays`, without what the step added."""
        state = nnx.state(nodes)
        if jax.tree.structure(state) == self.tree:
            return jax.tree.leaves(state)
        found = dict(jax.tree_util.tree_leaves_with_path(state))
        wanted = self.tree.unflatten(self.arrays)
        return [
            found.get(path, array)
            for path, array in jax.tree_util.tree_leaves_with_path(wanted)
        ]

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
        return dict(zip(("loss", "acc"), metrics, strict=False)) | points
