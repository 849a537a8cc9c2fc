"""The plain loop in JAX: Flax NNX taken apart once, a jitted pure step."""

import jax
import optax
from flax import nnx


def make_epoch(model, batches, lr):
    """A function that trains `model.net` on all batches and waits for the end."""
    graph, params = nnx.split(model.net)
    transformation = optax.sgd(lr)
    cell = [params, transformation.init(params)]

    def loss_function(params, X, y):
        logits = nnx.merge(graph, params)(X)
        losses = optax.softmax_cross_entropy_with_integer_labels(logits, y)
        return losses.mean()

    @jax.jit
    def step(params, state, X, y):
        loss, grads = jax.value_and_grad(loss_function)(params, X, y)
        updates, state = transformation.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    def epoch():
        params, state = cell
        for X, y in batches:
            params, state, loss = step(params, state, X, y)
        cell[:] = params, state
        return float(loss)

    return epoch
