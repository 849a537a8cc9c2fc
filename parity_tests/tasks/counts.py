"""The number of a model's parameters."""

from __future__ import annotations


def parameters(session, arrays, name, arguments):
    """Of a public model for the images `inputs`, in its published widths."""
    backend = session.backend
    batch = [backend.input_tensor(arrays["inputs"])]
    model = session.build(name, arguments, None, batch)
    backend.materialise(model, batch)
    trained = [s.canonical().size for s in backend.slots(model) if s.trainable]
    return {"parameters": sum(trained)}, {}
