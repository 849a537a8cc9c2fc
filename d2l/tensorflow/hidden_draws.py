"""Random draws whose state TensorFlow keeps to itself."""

from __future__ import annotations

from typing import Any

from d2l.common.training.state_kinds import StateError


def refuse_hidden_draws(function: Any) -> None:
    """Raise StateError if a compiled function draws by `tf.random.uniform` or the like.

    function: a `ConcreteFunction`. Within such a one their counts can be neither read
    nor set.
    """
    for name in draws_of_function(function):
        raise StateError(
            f"A step draws by {name}, whose state cannot be saved in a checkpoint: "
            "TensorFlow keeps it to itself. Those of a tf.random.Generator, of "
            "keras.random with a SeedGenerator and of d2l.rand and d2l.randn can be."
        )


def draws_of_function(function):
    """The operations by which a `ConcreteFunction` draws from hidden states."""
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    # Operations that draw without a state have no seeds, but a tensor for them.
    return [node.op for node in nodes if "seed2" in node.attr]


def draws_of_dataset(dataset):
    """Whether a `tf.data.Dataset` is in another order, or another, at every pass."""
    return (
        getattr(dataset, "_reshuffle_each_iteration", False)
        or "Random" in type(dataset).__name__
        or any(draws_of_function(f.function) for f in dataset._functions())
        or any(draws_of_dataset(d) for d in dataset._inputs())
    )
