"""Recurrent layers with two biases, and with PyTorch's names, gates and states.

Keras's own LSTM has one bias where PyTorch trains two, and its layers keep the
batch before the steps.
"""

from __future__ import annotations

import tensorflow as tf
from keras import layers


class Recurrent(layers.Layer):
    """Layers on top of each other, the base class of the kinds below.

    num_inputs: values of a step's input.
    num_hiddens: of a layer's hidden state in one direction.
    dropout: the probability between layers.
    bidirectional: whether each layer reads backwards too, with parameters of its own.

    The parameters of layer 0 are weight_ih_l0, (gates * num_hiddens, num_inputs),
    weight_hh_l0, (gates * num_hiddens, num_hiddens), bias_ih_l0 and bias_hh_l0,
    (gates * num_hiddens,). Those for reading backwards end with "_reverse".
    """

    num_gates = 1

    def __init__(
        self, num_inputs, num_hiddens, num_layers=1, dropout=0, bidirectional=False
    ):
        super().__init__()
        self.num_hiddens, self.num_layers = num_hiddens, num_layers
        self.directions = ("", "_reverse") if bidirectional else ("",)
        self.dropout = layers.Dropout(dropout)
        for layer in range(num_layers):
            size = num_hiddens * len(self.directions) if layer else num_inputs
            for direction in self.directions:
                self._add_parameters(size, f"_l{layer}{direction}")

    def _add_parameters(self, num_inputs, ending):
        rows = self.num_gates * self.num_hiddens
        # Keras's own layers start so, too.
        for name, shape, initializer in (
            ("weight_ih", (rows, num_inputs), "glorot_uniform"),
            ("weight_hh", (rows, self.num_hiddens), "orthogonal"),
            ("bias_ih", (rows,), "zeros"),
            ("bias_hh", (rows,), "zeros"),
        ):
            parameter = self.add_weight(shape, initializer, name=name + ending)
            setattr(self, name + ending, parameter)

    def call(self, inputs, state=None):
        """The top layer's hidden state after every step, and the last state of all.

        inputs: (num_steps, batch, num_inputs).
        state: (layers, batch, num_hiddens), a pair of them for an LSTM, zeros unless
            given; with two directions there are twice as many layers.

        returns: (num_steps, batch, num_hiddens), forwards before backwards where both
            are read, and a state.
        """
        starts = self.unpack(inputs, state)
        outputs, ends = inputs, []
        for layer in range(self.num_layers):
            X = self.dropout(outputs) if layer else inputs
            outputs = []
            for direction in self.directions:
                start = tuple(part[len(ends)] for part in starts)
                hiddens, end = self._read(X, start, f"_l{layer}", direction)
                outputs.append(hiddens)
                ends.append(end)
            outputs = tf.concat(outputs, -1)
        return outputs, self.pack([tf.stack(part) for part in zip(*ends, strict=True)])

    def _read(self, inputs, start, layer, direction):
        """One layer in one direction: its hidden states in order, and its last state.

        start: a tuple of tensors, each (batch, num_hiddens).
        """
        W_ih, W_hh, b_ih, b_hh = (
            tf.convert_to_tensor(getattr(self, name + layer + direction))
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        if direction:
            inputs = tf.reverse(inputs, [0])
        # The product with the inputs of all steps at once, outside of the loop.
        from_inputs = tf.tensordot(inputs, W_ih, [[2], [1]]) + b_ih
        if from_inputs.shape[0] == 0:
            # `tf.scan` needs a step.
            return from_inputs[:, :, : self.num_hiddens], start

        def step(state, X):
            return self.step(
                X, tf.matmul(state[0], W_hh, transpose_b=True) + b_hh, state
            )

        if from_inputs.shape[0] == 1:
            # A decoder's single step needs no loop of its own.
            states = tuple(part[None] for part in step(start, from_inputs[0]))
        else:
            states = tf.scan(step, from_inputs, start)
        hiddens = tf.reverse(states[0], [0]) if direction else states[0]
        return hiddens, tuple(part[-1] for part in states)

    def unpack(self, inputs, state):
        """A state, zeros if it is None, as a tuple of tensors."""
        if state is not None:
            return (state,)
        num_states = self.num_layers * len(self.directions)
        return (
            tf.zeros((num_states, inputs.shape[1], self.num_hiddens), inputs.dtype),
        )

    def pack(self, parts):
        """A list of tensors as a state."""
        return parts[0]

    def step(self, X, H, state):
        """The next state.

        X and H: (batch, gates * num_hiddens), what the input and the hidden state
            contribute.
        state: the present one, a tuple that begins with the hidden state.
        """
        raise NotImplementedError


class RNN(Recurrent):
    """The simple layer (Elman, 1990): H <- tanh(X + H)."""

    def step(self, X, H, state):
        """The next state, of one part."""
        return (tf.tanh(X + H),)


class LSTM(Recurrent):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997); gates i, f, g, o."""

    num_gates = 4

    def step(self, X, H, state):
        """The next state: the hidden state and the memory cell."""
        i, f, g, o = tf.split(X + H, 4, axis=1)
        C = tf.sigmoid(f) * state[1] + tf.sigmoid(i) * tf.tanh(g)
        return tf.sigmoid(o) * tf.tanh(C), C

    def unpack(self, inputs, state):
        """A pair (H, C), both zeros if it is None."""
        return tuple(state) if state is not None else super().unpack(inputs, None) * 2

    def pack(self, parts):
        """The pair (H, C)."""
        return tuple(parts)


class GRU(Recurrent):
    """Gated recurrent units (Cho et al., 2014); gates r, z, n.

    The reset gate r is applied after the product with the hidden state.
    """

    num_gates = 3

    def step(self, X, H, state):
        """The next state, of one part."""
        x_r, x_z, x_n = tf.split(X, 3, axis=1)
        h_r, h_z, h_n = tf.split(H, 3, axis=1)
        z = tf.sigmoid(x_z + h_z)
        n = tf.tanh(x_n + tf.sigmoid(x_r + h_r) * h_n)
        return ((1 - z) * n + z * state[0],)


def stack_steps(outputs, state):
    """The hidden states after every step along a new first axis, also after none.

    outputs: a list of them.
    state: the last one, (batch, num_hiddens).
    """
    if outputs:
        return tf.stack(outputs)
    return tf.zeros((0, *state.shape), state.dtype)
