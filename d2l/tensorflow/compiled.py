"""Compiled functions of tensors, called with as little ado as possible."""

from __future__ import annotations

import warnings
from typing import Any

import tensorflow as tf

from d2l.common import trees

from .hidden_draws import refuse_hidden_draws
from .tracing import Trace


class CompiledStep:
    """A function of tensors, compiled once for each combination of their shapes.

    Does what `tf.function` does, which spends more time on looking at its
    arguments than a small network needs for a step.

    A function that cannot be compiled, say because it asks for a tensor's value,
    runs as it is, with a warning.

    arguments: trees of tensors and plain values.
    owners: by name, objects whose plain attributes a trace that is given up must not
        change.
    is_saved: whether there are checkpoints; what they cannot hold is refused.

    returns: what `function` returns.
    """

    def __init__(self, function, **owners):
        self.function, self.owners, self.is_saved = function, owners, False
        self._compiled: dict[Any, Any] = {}

    def __call__(self, *arguments):
        if tf.config.functions_run_eagerly():  # switched on for debugging
            return self.function(*arguments)
        tensors, rest = trees.take_arrays(arguments)
        # Two trees of other forms, or with other plain values, are other functions.
        key = (repr(rest), *[(x.shape, x.dtype) for x in tensors])
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = self._compile(rest, tensors)
        return compiled(*tensors)

    def _compile(self, rest, tensors):
        def from_tensors(*tensors):
            return self.function(*trees.put_arrays(rest, tensors))

        before = Trace(self.owners)
        try:
            compiled = tf.function(from_tensors).get_concrete_function(*tensors)
        except Exception as error:
            # If the code is wrong it will fail once more, with a plain traceback.
            before.put_back()
            return _uncompiled(from_tensors, error)
        if self.is_saved:
            refuse_hidden_draws(compiled)
            before.refuse_changes(self.owners)
        return compiled


def _uncompiled(function, error):
    reason = f"{type(error).__name__}: {_last_line(error)}"
    has_warned = False

    def run(*tensors):
        nonlocal has_warned
        result = function(*tensors)
        if not has_warned:
            has_warned = True
            warnings.warn(
                f"This step cannot be compiled and runs slower. ({reason})",
                stacklevel=4,
            )
        return result

    return run


def _last_line(error):
    """Where the reason stands: AutoGraph puts the way to the mistake before it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else ""
