"""The number of a model's parameters."""

from __future__ import annotations

from d2l.common.axes import IMAGES


def parameters(session, arrays, name, arguments):
    """Of a public model for the images `inputs`, in its published widths."""
    backend = session.backend
    batch = [backend.input_tensor(arrays["inputs"], IMAGES)]
    # JAX takes seconds to draw millions of numbers that nobody looks at.
    model = backend.undrawn(
        lambda: session.build(name, arguments, None, batch, {"0": IMAGES})
    )
    backend.materialise(model, batch)
    trained = [s.canonical().size for s in backend.slots(model) if s.trainable]
    return {"parameters": sum(trained)}, {}
