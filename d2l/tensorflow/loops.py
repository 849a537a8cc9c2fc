"""Loops over time whose steps call layers."""

from __future__ import annotations

import tensorflow as tf

from d2l.common.training import mask_stream


def scan_steps(step, state, inputs):
    """The states after every step, along a new first axis.

    Within a compiled function this is one loop, which takes a fraction of the time
    to compile that its steps one by one would take.

    step: a function of the state and one of the inputs that returns the next state;
    each step draws dropout masks of its own.
    """
    if tf.executing_eagerly():
        return tf.scan(step, inputs, state)

    def body(state, numbered):
        number, x = numbered
        with loop.body(number):
            return step(state, x)

    with mask_stream.traced_once(inputs.shape[0]) as loop:
        numbered = tf.range(tf.shape(inputs)[0]), inputs
        return tf.scan(body, numbered, state)
