"""Compiled functions of tensors, called with as little ado as possible."""

from __future__ import annotations

from typing import Any

import tensorflow as tf


class CompiledStep:
    """A function of tensors, compiled once for each combination of their shapes.

    Does what `tf.function` does, which spends more time on looking at its
    arguments than a small network needs for a step.

    arguments: tensors, or tuples and dictionaries of them; returns what
    `function` returns.
    """

    def __init__(self, function):
        self.function = function
        self._compiled: dict[Any, Any] = {}

    def __call__(self, *arguments):
        if tf.config.functions_run_eagerly():  # switched on for debugging
            return self.function(*arguments)
        tensors = tf.nest.flatten(arguments)
        key = tuple([(x.shape, x.dtype) for x in tensors])
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = self._compile(arguments, tensors)
        return compiled(*tensors)

    def _compile(self, arguments, tensors):
        def from_tensors(*tensors):
            return self.function(*tf.nest.pack_sequence_as(arguments, tensors))

        return tf.function(from_tensors).get_concrete_function(*tensors)
