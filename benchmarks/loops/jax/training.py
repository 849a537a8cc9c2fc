"""The plain loop in JAX: a jitted pure step.

A network is a triple: a function of parameters, state and inputs that returns
outputs and the next state; the parameters; and the state, such as running means.
"""

import jax
import optax
from flax import nnx

OPTIMIZERS = {"sgd": optax.sgd, "adam": optax.adam}


def taken_apart(net):
    """A Flax NNX module as a network."""
    graph, params, state = nnx.split(net, nnx.Param, ...)

    def apply(params, state, X):
        net = nnx.merge(graph, params, state, copy=True)
        logits = net(X)
        return logits, nnx.split(net, nnx.Param, ...)[2]

    return apply, params, state


def make_loop(network, optimizer, lr, clip):
    """A function that trains on batches and returns the loss of the last one."""
    is_module = isinstance(network, nnx.Module)
    apply, params, state = taken_apart(network) if is_module else network
    transformation = OPTIMIZERS[optimizer](lr)
    if clip:
        clipping = optax.clip_by_global_norm(clip)
        transformation = optax.chain(clipping, transformation)
    cell = [params, state, transformation.init(params)]

    def loss_function(params, state, X, y):
        logits, state = apply(params, state, X)
        losses = optax.softmax_cross_entropy_with_integer_labels(logits, y)
        return losses.mean(), state

    @jax.jit
    def step(params, state, moments, X, y):
        differentiate = jax.value_and_grad(loss_function, has_aux=True)
        (loss, state), grads = differentiate(params, state, X, y)
        updates, moments = transformation.update(grads, moments, params)
        return optax.apply_updates(params, updates), state, moments, loss

    def loop(batches):
        for X, y in batches:
            *cell[:], loss = step(*cell, X, y)
        return float(loss)

    return loop
