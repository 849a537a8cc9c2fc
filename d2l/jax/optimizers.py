"""Optimizers by name, each with one formula in all frameworks."""

from __future__ import annotations

from traceback import walk_tb

import jax
import optax
from flax import nnx

from d2l.common.errors import InputError


def sgd(model, lr, momentum=0.0, weight_decay=0.0):
    """Stochastic gradient descent; weight decay is added to the gradient (L2)."""
    # Momentum 0 would keep a buffer that changes nothing.
    descent = optax.sgd(lr, momentum=momentum or None)
    if not weight_decay:
        return descent
    return optax.chain(optax.add_decayed_weights(weight_decay), descent)


def adam(model, lr, betas=(0.9, 0.999), eps=1e-8):
    """Adam (Kingma and Ba, 2015), eps added to the corrected root."""
    # eps_root would be added within the root.
    return optax.adam(lr, b1=betas[0], b2=betas[1], eps=eps, eps_root=0.0)


def drivable(model, transformation, *first):
    """The optimizer of `model` that Optax's `transformation` makes.

    first: other transformations, which the gradients go through before.

    Raises InputError, naming it, for what needs more than gradients and parameters.
    """
    if not hasattr(transformation, "init") or not hasattr(transformation, "update"):
        raise InputError(
            "The trainer drives one of Optax's transformations, and no "
            f"{type(transformation).__name__}."
        )
    try:
        if first:
            transformation = optax.chain(*first, transformation)
        optim = nnx.Optimizer(model, transformation, wrt=nnx.Param)
        graph, state = nnx.split((model, optim))

        def step(state):
            model, optim = nnx.merge(graph, state)
            optim.update(model, nnx.state(model, nnx.Param))

        jax.eval_shape(step, state)
    except (AttributeError, TypeError, ValueError) as error:
        # Such as "scale_by_zoom_linesearch missing 1 argument: 'value_fn'".
        reason = str(error).replace(".<locals>.update_fn()", "")
        raise InputError(
            f"The trainer cannot drive this optimizer: {reason}{_place(error)}"
        ) from error
    return optim


def _place(error):
    """Which of Optax's modules an error comes from, such as lookahead."""
    modules = [f.f_globals["__name__"] for f, _ in walk_tb(error.__traceback__)]
    own = [name for name in modules if name.startswith("optax.")]
    return f" (in {own[-1]})" if own else ""
