"""What public blocks return, without the gradients."""

from __future__ import annotations

from d2l.parity.function_tasks import given_inputs
from d2l.trials.observed import observed_tree, select
from parity_tests.tasks import native


def outputs(session, arrays, name, arguments, compiled):
    """A public block's outputs alone; compiled: also as it runs while it is trained."""
    backend = session.backend
    inputs = given_inputs(session, arrays)
    model = session.build(name, arguments, None, inputs)
    backend.materialise(model, inputs)
    backend.load_weights(model, select(arrays, "weights"))
    with session.parity_mode():
        plain, _ = backend.forward(model, inputs, training=True)
    found = observed_tree(session, "output", plain, {})
    if compiled:
        trained = native.trained_call(session, model, *inputs)
        found |= observed_tree(session, "compiled", trained, {})
    return {}, found
