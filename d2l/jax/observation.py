"""A step of a model with what its parts return, compiled where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
from flax import nnx

from d2l.common.training import mask_stream
from d2l.common.trees import put_arrays, take_arrays

from .structure import HiddenPart, recorded_parts

#: A step that asks for the values of what is traced, or a part within a compiled loop,
#: whose output is none outside of it.
NOT_TRACEABLE = (
    HiddenPart,
    jax.errors.ConcretizationTypeError,
    jax.errors.NonConcreteBooleanIndexError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerBoolConversionError,
    jax.errors.TracerIntegerConversionError,
    jax.errors.UnexpectedTracerError,
)

#: A model, a batch; what they return.
Step = Callable[[Any, Any], Any]


def observed(model: nnx.Module, step: Step, batch: Any) -> tuple[Any, dict[str, Any]]:
    """`step(model, batch)`, and what the model and its parts returned, by path.

    Operation by operation, each of which is compiled by itself.
    """
    with recorded_parts(model) as parts:
        return step(model, batch), parts


def observed_at_once(
    model: nnx.Module, step: Step, batch: Any
) -> tuple[Any, dict[str, Any]]:
    """The same as one compiled function, which takes a fraction of the time.

    Operation by operation where that cannot be.
    """
    own, rest = take_arrays(batch)
    form: list[Any] = []

    def traced(model: nnx.Module, arrays: list[Any]) -> list[Any]:
        with recorded_parts(model, refuses_copies=True) as parts:
            output = step(model, put_arrays(rest, arrays))
        arrays, kept = take_arrays((output, parts))
        form.append(kept)
        return arrays

    stream = mask_stream.active
    before = dict(vars(stream)) if stream is not None else {}
    try:
        arrays = nnx.jit(traced)(model, own)
    except NOT_TRACEABLE:
        if stream is not None:
            # Layers draw once more what they drew while the step was traced in vain.
            vars(stream).update(before)
        return observed(model, step, batch)
    return put_arrays(form[-1], arrays)
