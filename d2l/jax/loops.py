"""Loops over time whose steps call modules."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from flax import nnx

from d2l.common.training import mask_stream


def scan_steps(step, modules, state, inputs):
    """The last state, and the outputs of all steps along a new first axis.

    Within a compiled function this is one loop, which takes a fraction of the time
    to compile that its steps one by one would take.

    step: a function of the modules, the state and one of the inputs that returns
    the next state and an output; it may draw from the modules' random streams, but
    what else it changes in them is lost.
    """
    leaves = jax.tree.leaves((nnx.state(modules), state, inputs))
    if not any(isinstance(leaf, jax.core.Tracer) for leaf in leaves):
        outputs = []
        for x in inputs:
            state, output = step(modules, state, x)
            outputs.append(output)
        return state, jax.tree.map(lambda *parts: jnp.stack(parts), *outputs)
    graph, streams, rest = nnx.split(modules, nnx.RngState, ...)

    def body(carry, numbered):
        (state, streams), (number, x) = carry, numbered
        # Flax lets nobody change a module that was made outside of the loop.
        copies = nnx.merge(graph, streams, rest)
        with loop.body(number):
            state, output = step(copies, state, x)
        return (state, nnx.state(copies, nnx.RngState)), output

    with mask_stream.traced_once(len(inputs)) as loop:
        numbered = jnp.arange(len(inputs)), inputs
        (state, streams), outputs = jax.lax.scan(body, (state, streams), numbered)
    nnx.update(modules, streams)
    return state, outputs
